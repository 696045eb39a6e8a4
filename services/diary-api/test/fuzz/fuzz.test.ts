import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import type { RouteRecord } from '../../src/http/route/route-list.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';
import { type FuzzRequest, type Knowledge, requestArbitrary } from './request-arbitrary.ts';

/** All routes together; `pnpm soak` takes 20,000. */
const REQUESTS = Number(process.env['DIARY_FUZZ_REQUESTS'] ?? 1_000);
const MIN_VALID = 0.3;
const seed = Number(process.env['DIARY_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const fixedToken = 'a-fixed-token-of-16';

/** These read every process of the machine, which is not what is tried here. */
const costly = new Set(['GET /api/v1/processes', 'POST /api/v1/processes/reap']);

const without =
  (...names: string[]) =>
  (each: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !names.includes(name)));

type Query = Record<string, unknown>;

/** Mostly a project that there is. */
const knownProject = ({ project, maxCharacters }: Query): Query => ({
  ...(maxCharacters === undefined ? {} : { maxCharacters }),
  project: String(project).length % 5 > 0 ? 'fuzz 0' : project,
});

/** An entry has text or data, and its key where the header has none. */
function storable(entry: Query): Query {
  return { ...without('idempotencyKey')(entry), text: entry['text'] ?? 'text' };
}

/** Filters of which each alone would find nothing. */
const fewFilters = (query: Query): Query => without('cursor', 'sessionId')(query);

/** At most 1,000 steps, from the earlier to the later. */
const steps = ({ from, to, ...query }: Query): Query => {
  const times = [from, to]
    .filter((time) => typeof time === 'string')
    .toSorted((one, other) => Date.parse(one) - Date.parse(other));
  const [earlier, later] = times;
  if (earlier === undefined || later === undefined || earlier === later)
    return { ...query, bucketMs: 86_400_000 };
  return { ...query, from: earlier, to: later, bucketMs: 366 * 86_400_000 };
};

/** What is in the state of the server, and so in no schema: which sessions there are, and what has to be said twice. */
async function knowledgeOf(diary: TestDiary, route: RouteRecord, count: number): Promise<Knowledge> {
  const name = `${route.method} ${route.url}`;
  const isConsuming = name === 'POST /api/v1/sessions/:id/end' || route.method === 'DELETE';
  const sessions: string[] = [];
  if (route.url.includes(':id') || isConsuming) {
    for (let index = 0; index < (isConsuming ? count : 2); index += 1) {
      sessions.push((await diary.manager.start({ kind: 'agent', project: `${route.url} ${index}` })).id);
    }
  }
  if (route.url.endsWith(':sequence')) {
    for (const id of sessions) await diary.manager.record(id, { type: 'message', text: 'to be forgotten' });
  }
  let next = 0;
  let keys = 0;
  // The place in the list is the state here: a session is ended or forgotten once.
  const ids = fc.constant(null).map(() => sessions[isConsuming ? next++ % sessions.length : 0] ?? 'none');
  const known = fc.oneof(
    { weight: 9, arbitrary: ids },
    { weight: 1, arbitrary: fc.constantFrom('none', 'ses_x') },
  );
  return {
    ...(route.url.includes(':id') ? { params: known.map((id) => ({ id, sequence: '1' })) } : {}),
    query: queries[name] ?? without('cursor'),
    ...(bodies[name] === undefined ? {} : { body: bodies[name] }),
    finish: (request) =>
      finish(
        name,
        withOwnKey(request, (keys += 1)),
        () => `${route.url} ${next++ % Math.max(1, sessions.length)}`,
      ),
  };
}

/** A key that another request had would be refused for it, sooner or later each of them. */
function withOwnKey(request: FuzzRequest, number: number): FuzzRequest {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return request;
  return { ...request, headers: { ...request.headers, 'idempotency-key': `${key.slice(0, 190)}${number}` } };
}

const queries: Readonly<Record<string, (query: Query) => Query>> = {
  'GET /api/v1/context': knownProject,
  'GET /api/v1/projects/overview': knownProject,
  'GET /api/v1/export': fewFilters,
  'GET /api/v1/statistics': steps,
};

const bodies: Readonly<Record<string, (body: Query) => unknown>> = {
  'POST /api/v1/sessions': without('parentId', 'source', 'externalId'),
  'POST /api/v1/sessions/:id/entries': storable,
  'POST /api/v1/sessions/:id/entries/batch': ({ entries }) => ({
    entries: (entries as Query[]).map(storable),
  }),
  'POST /api/v1/sessions/:id/actions': without('idempotencyKey'),
  'POST /api/v1/sessions/:id/messages': without('idempotencyKey'),
  'POST /api/v1/login': ({ token }) => ({ token: String(token).length % 3 > 0 ? fixedToken : token }),
  // Never: what would be ended is on the machine that this runs on.
  'POST /api/v1/processes/reap': without('confirm'),
};

/** What has to repeat another part of the request. The key decides which requests are left without it. */
function finish(name: string, request: FuzzRequest, nextProject: () => string): FuzzRequest {
  const isConfirmed = request.url.length % 6 > 0;
  const path = request.url.split('?', 1)[0] ?? '';
  if (name === 'POST /api/v1/import') {
    const id = `import ${request.url.length} ${JSON.stringify(request.headers).length}`;
    const session = { id, kind: 'agent', startedAt: 1_000, endedAt: 2_000 };
    const entry = { sessionId: id, sequence: 1, type: 'message', text: 'one', recordedAt: 1_500 };
    const lines = [
      { type: 'session', session },
      { type: 'entry', entry },
    ].map((line) => JSON.stringify(line));
    const headers = { ...request.headers, 'content-type': 'application/x-ndjson' };
    return { ...request, headers, payload: `${lines.join('\n')}\n` };
  }
  if (!isConfirmed || request.method !== 'DELETE') return request;
  const headers = without('if-match')(request.headers) as Record<string, string>;
  if (name === 'DELETE /api/v1/projects') {
    const project = encodeURIComponent(nextProject());
    return { ...request, headers, url: `${path}?project=${project}&confirm=${project}&endActive=true` };
  }
  const last = path.split('/').at(-1) ?? '';
  const isEntry = name.endsWith(':sequence');
  return { ...request, headers, url: `${path}?confirm=${last}${isEntry ? '' : '&endActive=true'}` };
}

async function answer(diary: TestDiary, request: FuzzRequest): Promise<number> {
  if (!request.url.startsWith('/api/v1/events')) return (await diary.app.inject(request)).statusCode;
  const response = await diary.app.inject({ ...request, payloadAsStream: true });
  response.stream().destroy();
  return response.statusCode;
}

test(`${REQUESTS} requests to all routes, by their schemas and raw: none crashes, and each route gets enough valid ones`, async () => {
  const limits = {
    startRate: { perSecond: 100_000, burst: 1_000_000 },
    quotas: { perOwner: 1_000_000, perProject: 1_000_000, perStore: 1_000_000 },
  };
  const diary = await testDiary({
    limits,
    fixedToken,
    requireToken: false,
    maxRequestsPerSecond: 1_000_000,
    maxStreams: 1_000,
  });
  const { routes } = diary;
  await diary.manager.start({ kind: 'agent', project: 'fuzz 0' });
  const shares = routes.map(({ method, url }) => (costly.has(`${method} ${url}`) ? 0.2 : 1));
  const total = shares.reduce((sum, share) => sum + share, 0);
  let sent = 0;
  for (const [index, route] of routes.entries()) {
    const count = Math.ceil((REQUESTS * (shares[index] ?? 1)) / total);
    const name = `${route.method} ${route.url}`;
    const knowledge = await knowledgeOf(diary, route, count);
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(requestArbitrary(route, knowledge), async (request) => {
        const status = await answer(diary, request);
        sent += 1;
        if (status < 400) valid += 1;
        if (status >= 500) throw new Error(`${name} answered ${status} to ${JSON.stringify(request)}`);
      }),
      { numRuns: count, seed, endOnFailure: true },
    );
    expect(valid / count, `valid requests of ${name}, seed ${seed}`).toBeGreaterThanOrEqual(MIN_VALID);
  }
  expect(sent).toBeGreaterThanOrEqual(REQUESTS);
  expect((await diary.app.inject('/readyz')).statusCode).toBe(200);
  expect(await diary.manager.integrityCheck()).toMatchObject({ ok: true });
}, 3_600_000);

test('bytes that are no HTTP get an answer or an end, and the server goes on', async () => {
  const diary = await testDiary({ maxRequestsPerSecond: 1_000_000 });
  const { hostname, port } = new URL(await listen(diary.app, '127.0.0.1', 0));
  const head = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'POST /api/v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\n',
  );
  await fc.assert(
    fc.asyncProperty(head, fc.uint8Array({ minLength: 1, maxLength: 2_000 }), async (start, bytes) => {
      const socket = connect(Number(port), hostname);
      // The server may end the connection while we still write.
      socket.on('error', () => {});
      socket.resume();
      socket.end(Buffer.concat([Buffer.from(start), bytes]));
      await once(socket, 'close');
    }),
    { numRuns: Math.ceil(REQUESTS / 10), seed },
  );
  expect((await fetch(`http://${hostname}:${port}/healthz`)).status).toBe(200);
}, 3_600_000);
