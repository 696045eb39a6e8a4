import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EntryView } from '../../src/http/entries/entry-schema.ts';
import type { Problem } from '../../src/http/problem/problem-document.ts';
import type { SessionView } from '../../src/http/sessions/session-schema.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

async function filled(): Promise<{ diary: TestDiary; id: string }> {
  const diary = await testDiary();
  const { id } = await diary.manager.start({
    kind: 'agent',
    project: 'atlas',
    agent: 'codex',
    metadata: { branch: 'main' },
  });
  await diary.manager.record(id, [
    {
      type: 'message',
      text: '# Not a heading\n```\nfence',
      data: { role: 'user' },
      occurredAt: 1_700_000_000_000,
    },
    { type: 'action', text: 'Edited', data: { action: 'edit', files: ['a.ts'], success: false } },
  ]);
  await diary.manager.end(id, { reason: 'shutdown', note: 'over' });
  return { diary, id };
}

test('what is exported can be imported elsewhere, and again without adding anything', async () => {
  const { diary, id } = await filled();
  const exported = await diary.app.inject('/api/v1/export');
  expect(exported.headers['content-type']).toContain('application/x-ndjson');

  const elsewhere = await testDiary();
  const send = () =>
    elsewhere.app.inject({
      method: 'POST',
      url: '/api/v1/import',
      headers: { 'content-type': 'application/x-ndjson' },
      payload: exported.body,
    });
  expect((await send()).json()).toEqual({ sessions: 1, entries: 2, added: 2, known: [] });
  expect((await send()).json()).toMatchObject({ added: 0 });
  const { sessions } = (await elsewhere.app.inject('/api/v1/sessions')).json<{ sessions: SessionView[] }>();
  expect(sessions).toMatchObject([
    {
      project: 'atlas',
      agent: 'codex',
      externalId: id,
      endReason: 'imported',
      metadata: { branch: 'main', exported: { endReason: 'shutdown', endNote: 'over' } },
      entryCount: 2,
    },
  ]);
  const read = async (from: TestDiary, session: string) =>
    (await from.app.inject(`/api/v1/sessions/${session}/entries`))
      .json<{ entries: EntryView[] }>()
      .entries.map(({ type, text, data }) => ({ type, text, data }));
  expect(await read(elsewhere, sessions[0]?.id ?? '')).toEqual(await read(diary, id));
});

test('as Markdown, other people’s text stays text', async () => {
  const { diary, id } = await filled();
  const { body, headers } = await diary.app.inject(`/api/v1/export?format=markdown&sessionId=${id}`);
  expect(headers['content-type']).toContain('text/markdown');
  expect(body).toContain(`# Session ${id}`);
  expect(body).toContain('````\n# Not a heading\n```\nfence\n````');
  expect(body).toMatch(/## 2\. edit, failed \(/);
});

test('without confirmation nothing is forgotten, and the answer says what would be', async () => {
  const { diary, id } = await filled();
  for (const query of ['', '?confirm=other']) {
    const refused = await diary.app.inject({ method: 'DELETE', url: `/api/v1/sessions/${id}${query}` });
    expect(refused.json<Problem>()).toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      preview: { sessions: 1, entries: 2, active: 0 },
    });
  }
  expect((await diary.manager.get(id)).entryCount).toBe(2);
});

test('what is forgotten is gone from the answers and from the files, also from what repeats requests', async () => {
  const diary = await testDiary();
  const started = await diary.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers: { 'idempotency-key': 'start' },
    payload: { project: 'unforgettable-project', metadata: { note: 'unforgettable-note' } },
  });
  const { id } = started.json<SessionView>();
  await diary.manager.record(id, { type: 'message', text: 'unforgettable-text' });
  const forget = () =>
    diary.app.inject({
      method: 'DELETE',
      url: '/api/v1/projects?project=unforgettable-project&confirm=unforgettable-project&endActive=true',
      headers: { 'idempotency-key': 'forget' },
    });
  const first = await forget();
  expect(first.json(), first.body).toMatchObject({ sessions: 1, entries: 1 });
  // A retry of a lost answer is answered alike, although there is nothing any more.
  expect((await forget()).json()).toEqual(first.json());
  expect((await diary.app.inject(`/api/v1/sessions/${id}`)).statusCode).toBe(404);
  await diary.app.close();
  await diary.manager.close();
  await diary.database.close();
  for (const name of await readdir(diary.home)) {
    expect((await readFile(join(diary.home, name))).includes('unforgettable'), name).toBe(false);
  }
});
