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

/** These read every process of the machine, which is not what is tried here. */
const costly = new Set(['GET /api/v1/processes', 'POST /api/v1/processes/reap']);

const without =
  (...names: string[]) =>
  (each: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !names.includes(name)));

/** An entry has text or data, and its key where the header has none. */
const storable = (entry: Record<string, unknown>): Record<string, unknown> => ({
  ...without('idempotencyKey')(entry),
  text: entry['text'] ?? 'text',
});

/** Mostly a project that there is. */
const knownProject = ({ project, maxCharacters }: Record<string, unknown>): Record<string, unknown> => ({
  maxCharacters,
  project: String(project).length % 5 > 0 ? 'fuzz 0' : project,
});

/** A request that ends its session needs a new one each time. */
async function knowledgeOf(diary: TestDiary, route: RouteRecord, count: number): Promise<Knowledge> {
  const name = `${route.method} ${route.url}`;
  const sessions: string[] = [];
  const isConsuming = name === 'POST /api/v1/sessions/:id/end';
  if (route.url.includes(':id')) {
    for (let index = 0; index < (isConsuming ? count : 2); index += 1) {
      sessions.push((await diary.manager.start({ kind: 'agent', project: `fuzz ${index % 7}` })).id);
    }
  }
  let next = 0;
  // An infinite stream of sessions would be no arbitrary: the place in the list is the state here.
  const ids = fc.constant(null).map(() => sessions[isConsuming ? next++ % sessions.length : 0] ?? 'none');
  return {
    ...(sessions.length === 0
      ? {}
      : {
          params: fc
            .oneof({ weight: 9, arbitrary: ids }, { weight: 1, arbitrary: fc.constantFrom('none', 'ses_x') })
            .map((id) => ({ id })),
        }),
    query: name === 'GET /api/v1/context' ? knownProject : without('cursor'),
    ...bodyKnowledge(name),
  };
}

function bodyKnowledge(name: string): Pick<Knowledge, 'body'> {
  if (name === 'POST /api/v1/sessions') return { body: without('parentId', 'source', 'externalId') };
  if (name.endsWith('/entries')) return { body: storable };
  if (name.endsWith('/entries/batch')) {
    return { body: ({ entries }) => ({ entries: (entries as Record<string, unknown>[]).map(storable) }) };
  }
  if (name.endsWith('/actions') || name.endsWith('/messages')) return { body: without('idempotencyKey') };
  if (name === 'POST /api/v1/processes/reap') return { body: without('confirm') };
  return {};
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
  const diary = await testDiary({ limits, maxRequestsPerSecond: 1_000_000, maxStreams: 1_000 });
  const { routes } = diary;
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
