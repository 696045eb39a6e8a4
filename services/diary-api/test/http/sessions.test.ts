import { expect, test } from 'vitest';
import type { SessionView } from '../../src/http/sessions/session-schema.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

async function start(diary: TestDiary, payload: object = {}): Promise<SessionView> {
  const response = await diary.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
  expect(response.statusCode, response.body).toBe(201);
  return response.json<SessionView>();
}

test('a session is started, read, touched and ended', async () => {
  const diary = await testDiary();
  const created = await diary.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: {
      project: 'atlas',
      agent: 'codex',
      user: 'ada',
      metadata: { branch: 'main' },
      idleTtlMs: 60_000,
    },
  });
  expect(created.statusCode).toBe(201);
  const session = created.json<SessionView>();
  expect(session).toMatchObject({
    state: 'active',
    kind: 'agent',
    project: 'atlas',
    agent: 'codex',
    user: 'ada',
    metadata: { branch: 'main' },
    idleTtlMs: 60_000,
    owner: null,
    endReason: null,
    entryCount: 0,
  });
  expect(created.headers['location']).toBe(`/api/v1/sessions/${session.id}`);
  expect(Date.parse(session.expiresAt) - Date.parse(session.startedAt)).toBe(60_000);

  const read = await diary.app.inject(`/api/v1/sessions/${session.id}`);
  expect(read.json()).toEqual(session);

  const touched = await diary.app.inject({ method: 'POST', url: `/api/v1/sessions/${session.id}/touch` });
  expect(touched.statusCode).toBe(200);
  expect(Date.parse(touched.json<SessionView>().lastActiveAt)).toBeGreaterThanOrEqual(
    Date.parse(session.lastActiveAt),
  );

  const ended = await diary.app.inject({
    method: 'POST',
    url: `/api/v1/sessions/${session.id}/end`,
    payload: { note: 'all done' },
  });
  expect(ended.statusCode).toBe(200);
  expect(ended.json()).toMatchObject({ state: 'ended', endReason: 'completed', endNote: 'all done' });
});

test('an end without a body is completed, and an operator may say terminated', async () => {
  const diary = await testDiary();
  const [first, second] = [await start(diary), await start(diary)];
  const ended = await diary.app.inject({ method: 'POST', url: `/api/v1/sessions/${first.id}/end` });
  expect(ended.json()).toMatchObject({ endReason: 'completed', endNote: null });
  const terminated = await diary.app.inject({
    method: 'POST',
    url: `/api/v1/sessions/${second.id}/end`,
    payload: { reason: 'terminated', note: 'stuck' },
  });
  expect(terminated.json()).toMatchObject({ endReason: 'terminated', endNote: 'stuck' });
});

test('sessions are listed newest first, filtered and in pages', async () => {
  const diary = await testDiary();
  for (const project of ['one', 'two', 'one', 'two', 'one']) await start(diary, { project });
  const first = (await diary.app.inject('/api/v1/sessions?project=one&limit=2')).json<{
    sessions: SessionView[];
    nextCursor: string;
  }>();
  expect(first.sessions).toHaveLength(2);
  expect(first.sessions.every(({ project }) => project === 'one')).toBe(true);
  const second = (
    await diary.app.inject(
      `/api/v1/sessions?project=one&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`,
    )
  ).json<{ sessions: SessionView[]; nextCursor: string | null }>();
  expect(second.sessions).toHaveLength(1);
  expect(second.nextCursor).toBeNull();
  const started = [...first.sessions, ...second.sessions].map(({ startedAt }) => startedAt);
  expect(started).toEqual(started.toSorted().toReversed());

  await diary.app.inject({ method: 'POST', url: `/api/v1/sessions/${first.sessions[0]?.id}/end` });
  const ended = await diary.app.inject('/api/v1/sessions?state=ended');
  expect(ended.json<{ sessions: SessionView[] }>().sessions).toMatchObject([{ id: first.sessions[0]?.id }]);
});

test('children are those of the session, and end with it', async () => {
  const diary = await testDiary();
  const parent = await start(diary);
  const child = await start(diary, { parentId: parent.id, kind: 'sub-agent' });
  await start(diary);
  const children = await diary.app.inject(`/api/v1/sessions/${parent.id}/children`);
  expect(children.json<{ sessions: SessionView[] }>().sessions).toMatchObject([
    { id: child.id, kind: 'sub-agent' },
  ]);
  await diary.app.inject({ method: 'POST', url: `/api/v1/sessions/${parent.id}/end` });
  const ended = await diary.app.inject(`/api/v1/sessions/${child.id}`);
  expect(ended.json()).toMatchObject({ state: 'ended', endReason: 'parent_ended' });
});

test('the figures count sessions, ends and entries', async () => {
  const diary = await testDiary();
  const session = await start(diary);
  await start(diary);
  await diary.manager.record(session.id, { type: 'message', text: 'one' });
  await diary.manager.end(session.id);
  const stats = await diary.app.inject('/api/v1/stats');
  expect(stats.json()).toMatchObject({
    active: 1,
    ended: 1,
    entries: 1,
    byReason: { completed: 1, owner_died: 0 },
  });
});
