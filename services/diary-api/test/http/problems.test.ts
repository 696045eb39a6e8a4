import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSessionManager, SESSION_ERROR_CODES, SessionError, sqliteStore } from '@endwell/session-core';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, test } from 'vitest';
import { HTTP_PROBLEM_CODES, problemKinds } from '../../src/http/problem/problem-codes.ts';
import { toProblem } from '../../src/http/problem/to-problem.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

async function request(options: InjectOptions, diary?: TestDiary): Promise<LightMyRequestResponse> {
  return await (diary ?? (await testDiary())).app.inject(options);
}

describe('what is wrong with a request', () => {
  test.for([
    ['a missing field', { type: undefined }, 'body.type'],
    ['a wrong type', { type: 'message', text: 7 }, 'body.text'],
    ['a wrong time', { type: 'message', text: 'a', occurredAt: 'yesterday' }, 'body.occurredAt'],
    ['an unknown field', { type: 'message', text: 'a', colour: 'red' }, 'body'],
  ] as const)('INVALID_REQUEST names the field: %s', async ([, payload, path]) => {
    const problem = expectProblem(
      await request({ method: 'POST', url: '/api/v1/sessions/ses_x/entries', payload }),
      'INVALID_REQUEST',
    );
    expect(problem.errors?.map((error) => error.path)).toContain(path);
    expect(problem.detail).toContain(path);
  });

  test('INVALID_REQUEST names a field inside a batch, and a query parameter', async () => {
    const diary = await testDiary();
    const batch = await request(
      {
        method: 'POST',
        url: '/api/v1/sessions/ses_x/entries/batch',
        payload: { entries: [{ type: 'a' }, { type: '' }] },
      },
      diary,
    );
    expect(expectProblem(batch, 'INVALID_REQUEST').errors?.[0]?.path).toBe('body.entries.1.type');
    const query = await request({ url: '/api/v1/sessions?limit=0' }, diary);
    expect(expectProblem(query, 'INVALID_REQUEST').errors?.[0]?.path).toBe('querystring.limit');
  });

  test.for([
    ['cut off', '{"type":'],
    ['empty', ''],
    ['polluting', '{"__proto__": {"a": 1}}'],
  ] as const)('MALFORMED_BODY: %s', async ([, payload]) => {
    expect(
      expectProblem(
        await request({
          method: 'POST',
          url: '/api/v1/sessions',
          payload,
          headers: { 'content-type': 'application/json' },
        }),
        'MALFORMED_BODY',
      ).status,
    ).toBe(400);
  });

  test.for([['text/plain'], ['application/x-www-form-urlencoded']] as const)(
    'UNSUPPORTED_MEDIA_TYPE: %s',
    async ([type]) => {
      expect(
        expectProblem(
          await request({
            method: 'POST',
            url: '/api/v1/sessions',
            payload: 'a=1',
            headers: { 'content-type': type },
          }),
          'UNSUPPORTED_MEDIA_TYPE',
        ).status,
      ).toBe(415);
    },
  );

  test('BODY_TOO_LARGE', async () => {
    const diary = await testDiary({ maxBodyBytes: 1_000 });
    const payload = { metadata: { text: 'x'.repeat(2_000) } };
    expect(
      expectProblem(
        await request({ method: 'POST', url: '/api/v1/sessions', payload }, diary),
        'BODY_TOO_LARGE',
      ).status,
    ).toBe(413);
    expect((await diary.manager.counts()).active).toBe(0);
  });

  test('MALFORMED_URL', async () => {
    expect(expectProblem(await request({ url: '/api/v1/sessions/%zz' }), 'MALFORMED_URL').status).toBe(400);
  });

  test('ROUTE_NOT_FOUND', async () => {
    expect(expectProblem(await request({ url: '/api/v1/nothing?secret=1' }), 'ROUTE_NOT_FOUND').status).toBe(
      404,
    );
    expect(
      expectProblem(await request({ method: 'DELETE', url: '/api/v1/sessions' }), 'ROUTE_NOT_FOUND').status,
    ).toBe(404);
  });

  test('INVALID_OPTIONS: the store knows its cursors', async () => {
    const diary = await testDiary();
    expect(
      expectProblem(await request({ url: '/api/v1/sessions?cursor=garbage' }, diary), 'INVALID_OPTIONS')
        .status,
    ).toBe(400);
  });
});

describe('what the store says', () => {
  test('SESSION_NOT_FOUND on every route of a session', async () => {
    const diary = await testDiary();
    const id = 'ses_0198c0de-0000-7000-8000-000000000000';
    const requests: InjectOptions[] = [
      { url: `/api/v1/sessions/${id}` },
      { url: `/api/v1/sessions/${id}/children` },
      { url: `/api/v1/sessions/${id}/entries` },
      { method: 'POST', url: `/api/v1/sessions/${id}/touch` },
      { method: 'POST', url: `/api/v1/sessions/${id}/end` },
      { method: 'POST', url: `/api/v1/sessions/${id}/entries`, payload: { type: 'message', text: 'a' } },
      {
        method: 'POST',
        url: `/api/v1/sessions/${id}/entries/batch`,
        payload: { entries: [{ type: 'a', text: 'a' }] },
      },
    ];
    for (const options of requests) {
      expect(expectProblem(await request(options, diary), 'SESSION_NOT_FOUND').sessionId).toBe(id);
    }
  });

  test('SESSION_ENDED with the reason: no touch, no entry, no second end, no child', async () => {
    const diary = await testDiary();
    const { id } = await diary.manager.start({ kind: 'agent' });
    await diary.manager.end(id, { reason: 'shutdown' });
    const requests: InjectOptions[] = [
      { method: 'POST', url: `/api/v1/sessions/${id}/touch` },
      { method: 'POST', url: `/api/v1/sessions/${id}/end` },
      { method: 'POST', url: `/api/v1/sessions/${id}/entries`, payload: { type: 'message', text: 'a' } },
      { method: 'POST', url: '/api/v1/sessions', payload: { parentId: id } },
    ];
    for (const options of requests) {
      expect(expectProblem(await request(options, diary), 'SESSION_ENDED')).toMatchObject({
        reason: 'shutdown',
      });
    }
    expect((await diary.manager.get(id)).entryCount).toBe(0);
  });

  test('EXTERNAL_ID_IN_USE', async () => {
    const diary = await testDiary();
    const payload = { source: 'codex', externalId: 'abc' };
    await request({ method: 'POST', url: '/api/v1/sessions', payload }, diary);
    expect(
      expectProblem(
        await request({ method: 'POST', url: '/api/v1/sessions', payload }, diary),
        'EXTERNAL_ID_IN_USE',
      ).status,
    ).toBe(409);
  });

  test('IDEMPOTENCY_CONFLICT', async () => {
    const diary = await testDiary();
    const { id } = await diary.manager.start({ kind: 'agent' });
    const url = `/api/v1/sessions/${id}/entries`;
    await request({ method: 'POST', url, payload: { type: 'a', text: 'one', idempotencyKey: 'k' } }, diary);
    expect(
      expectProblem(
        await request(
          { method: 'POST', url, payload: { type: 'a', text: 'two', idempotencyKey: 'k' } },
          diary,
        ),
        'IDEMPOTENCY_CONFLICT',
      ).status,
    ).toBe(422);
  });

  test('INVALID_ENTRY: empty, or larger than the store takes', async () => {
    const diary = await testDiary();
    const { id } = await diary.manager.start({ kind: 'agent' });
    const url = `/api/v1/sessions/${id}/entries`;
    expect(
      expectProblem(await request({ method: 'POST', url, payload: { type: 'a' } }, diary), 'INVALID_ENTRY')
        .status,
    ).toBe(400);
    expect(
      expectProblem(
        await request({ method: 'POST', url, payload: { type: 'a', text: 'é'.repeat(200 * 1024) } }, diary),
        'INVALID_ENTRY',
      ).status,
    ).toBe(400);
  });

  test('a store that is no database: 500 with its code, and not ready', async () => {
    const home = await temporaryHome();
    await writeFile(join(home, 'endwell.db'), 'a letter '.repeat(1_000));
    const manager = createSessionManager({
      store: sqliteStore({ path: join(home, 'endwell.db') }),
      owner: null,
    });
    const diary = await testDiary({ manager });
    expect(
      expectProblem(await request({ url: '/api/v1/sessions' }, diary), 'STORE_NOT_A_DATABASE').status,
    ).toBe(500);
    expect(expectProblem(await request({ url: '/readyz' }, diary), 'NOT_READY').status).toBe(503);
    expect((await request({ url: '/healthz' }, diary)).statusCode).toBe(200);
  });

  test('MANAGER_CLOSED', async () => {
    const diary = await testDiary();
    await diary.manager.close();
    expect(expectProblem(await request({ url: '/api/v1/sessions' }, diary), 'MANAGER_CLOSED').status).toBe(
      503,
    );
  });

  test.for(SESSION_ERROR_CODES.map((code) => [code] as const))('%s has its place in the table', ([code]) => {
    const problem = toProblem(new SessionError(code, 'a sentence', { retryAfterMs: 1_500 }), 'request-1');
    expect(problem).toMatchObject({ code, status: problemKinds[code].status, retryAfterMs: 1_500 });
    expect(problem.status).toBeGreaterThanOrEqual(400);
  });
});

test('a defect is INTERNAL_ERROR and says nothing of what is inside', async () => {
  const diary = await testDiary({}, (app) => {
    app.get('/defect', () => Promise.reject(new Error('secret inside')));
  });
  const response = await diary.app.inject('/defect');
  expect(expectProblem(response, 'INTERNAL_ERROR').status).toBe(500);
  expect(response.body).not.toContain('secret');
});

test('no code is in the table twice, and all have a title', () => {
  const codes = [...HTTP_PROBLEM_CODES, ...SESSION_ERROR_CODES];
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.keys(problemKinds).toSorted()).toEqual(codes.toSorted());
});
