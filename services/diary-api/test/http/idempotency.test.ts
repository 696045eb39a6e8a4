import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { currentIdentity, formatIdentity } from '@endwell/proc-guard';
import { expect, test } from 'vitest';
import type { SessionView } from '../../src/http/sessions/session-schema.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

const headers = { 'idempotency-key': 'key-1' };

async function start(diary: TestDiary, payload: object = {}): Promise<SessionView> {
  const response = await diary.app.inject({ method: 'POST', url: '/api/v1/sessions', headers, payload });
  expect(response.statusCode, response.body).toBe(201);
  return response.json<SessionView>();
}

/** As a server leaves a request that was killed in the middle of it. */
async function leaveBrokenOff(diary: TestDiary): Promise<void> {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const dead = formatIdentity({ ...currentIdentity(), pid });
  await diary.database.write((db) => {
    db.prepare('UPDATE diary_requests SET done_at = NULL, session_id = NULL, result = NULL, server = ?').run(
      dead,
    );
  });
}

test('a start that is repeated is answered with the same session, ended or not', async () => {
  const diary = await testDiary();
  const first = await start(diary, { project: 'atlas' });
  expect((await start(diary, { project: 'atlas' })).id).toBe(first.id);
  await diary.manager.end(first.id);
  expect(await start(diary, { project: 'atlas' })).toMatchObject({ id: first.id, state: 'ended' });
  expect(await diary.manager.counts()).toMatchObject({ active: 0, ended: 1 });
});

test('ten at once start one session', async () => {
  const diary = await testDiary();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      diary.app.inject({ method: 'POST', url: '/api/v1/sessions', headers, payload: {} }),
    ),
  );
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
  expect((await diary.manager.counts()).active).toBe(1);
});

test('an end that is repeated is answered like the first', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const end = () =>
    diary.app.inject({
      method: 'POST',
      url: `/api/v1/sessions/${id}/end`,
      headers,
      payload: { note: 'over' },
    });
  const first = await end();
  expect(first.statusCode).toBe(200);
  expect((await end()).json()).toEqual(first.json());
});

test('after a crash in the middle an end goes on, and a start says that nobody knows', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const end = () => diary.app.inject({ method: 'POST', url: `/api/v1/sessions/${id}/end`, headers });
  const first = await end();
  await leaveBrokenOff(diary);
  expect((await end()).json()).toEqual(first.json());

  await start(diary);
  await leaveBrokenOff(diary);
  const again = await diary.app.inject({ method: 'POST', url: '/api/v1/sessions', headers, payload: {} });
  expect(again.json()).toMatchObject({ code: 'REQUEST_UNSETTLED', status: 409 });
});

test('a request that failed is not remembered', async () => {
  const diary = await testDiary();
  const refused = await diary.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers,
    payload: { metadata: { long: 'x'.repeat(70_000) } },
  });
  expect(refused.statusCode).toBe(400);
  await start(diary, { project: 'atlas' });
});

test('two keys for one entry are refused, and those of a batch are its own with a place', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const url = `/api/v1/sessions/${id}/entries`;
  const both = await diary.app.inject({
    method: 'POST',
    url,
    headers,
    payload: { type: 'a', text: 'a', idempotencyKey: 'other' },
  });
  expect(both.json()).toMatchObject({ code: 'INVALID_REQUEST' });
  const batch = () =>
    diary.app.inject({
      method: 'POST',
      url: `${url}/batch`,
      headers,
      payload: {
        entries: [
          { type: 'a', text: 'one' },
          { type: 'a', text: 'two', idempotencyKey: 'mine' },
        ],
      },
    });
  const first = await batch();
  expect(first.json()).toMatchObject({
    entries: [{ idempotencyKey: 'key-1:0' }, { idempotencyKey: 'mine' }],
  });
  expect((await batch()).json()).toEqual(first.json());
  expect((await diary.manager.get(id)).entryCount).toBe(2);
});
