import { expect } from 'vitest';
import { createRequestLedger } from '../../../src/http/idempotency/request-ledger.ts';
import type { TestDiary } from '../../support/test-diary.ts';
import { ended, type Provocation, type RouteCase, started, UNKNOWN_ID } from './route-case.ts';

const headers = { 'idempotency-key': 'k' } as const;

/** A request with this key and input that is never answered: the test ends first. */
async function occupy(diary: TestDiary, input: unknown): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  void createRequestLedger(diary.database).once(
    { key: 'k', route: 'purge', input, isRepeatable: true },
    () => {
      resolve();
      return new Promise(() => {});
    },
  );
  await promise;
}

async function recorded(diary: TestDiary): Promise<string> {
  const id = await started(diary);
  await diary.manager.record(id, [
    { type: 'message', text: 'one' },
    { type: 'message', text: 'two' },
  ]);
  return id;
}

const purgeSession = (id: string, query = `?confirm=${id}`) => ({
  method: 'DELETE' as const,
  url: `/api/v1/sessions/${id}${query}`,
  headers,
});

const purgeEntry = (id: string, sequence: number, query = `?confirm=${sequence}`) => ({
  method: 'DELETE' as const,
  url: `/api/v1/sessions/${id}/entries/${sequence}${query}`,
  headers,
});

const purgeProject = (project: string, query = `&confirm=${project}`) => ({
  method: 'DELETE' as const,
  url: `/api/v1/projects?project=${project}${query}`,
  headers,
});

const importing = (payload: string): Provocation => ({
  request: () => ({
    method: 'POST',
    url: '/api/v1/import',
    headers: { 'content-type': 'application/x-ndjson' },
    payload,
  }),
});

const session = { id: 'old-1', kind: 'agent', startedAt: 1_700_000_000_000, endedAt: 1_700_000_100_000 };
const sessionLine = JSON.stringify({ type: 'session', session });
const entryLine = (entry: object) =>
  JSON.stringify({
    type: 'entry',
    entry: {
      sessionId: 'old-1',
      sequence: 1,
      type: 'message',
      text: 'one',
      recordedAt: 1_700_000_000_001,
      ...entry,
    },
  });

export const movingCases: Readonly<Record<string, RouteCase>> = {
  'GET /api/v1/export': {
    success: {
      status: 200,
      request: async (diary) => {
        await recorded(diary);
        return { url: '/api/v1/export?format=jsonl&project=atlas' };
      },
      check: (body) => {
        const lines = body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { type: string });
        expect(lines.map(({ type }) => type)).toEqual(['session', 'entry', 'entry']);
      },
    },
    problems: {
      SESSION_NOT_FOUND: { request: () => ({ url: `/api/v1/export?sessionId=${UNKNOWN_ID}` }) },
    },
  },
  'POST /api/v1/import': {
    success: {
      ...importing(`${sessionLine}\n${entryLine({})}\n`),
      status: 200,
      check: (body) => expect(JSON.parse(body)).toEqual({ sessions: 1, entries: 1, added: 1, known: [] }),
    },
    problems: {
      INVALID_IMPORT: importing('{"type":"nonsense"}\n'),
      INVALID_OPTIONS: importing(
        `${JSON.stringify({ type: 'session', session: { ...session, startedAt: -1 } })}\n`,
      ),
      INVALID_ENTRY: importing(`${sessionLine}\n${entryLine({ idempotencyKey: 'x'.repeat(300) })}\n`),
    },
  },
  'DELETE /api/v1/sessions/:id': {
    success: {
      status: 200,
      request: async (diary) => purgeSession(await ended(diary)),
      check: (body) => expect(JSON.parse(body)).toMatchObject({ sessions: 1 }),
    },
    problems: {
      SESSION_NOT_FOUND: { request: () => purgeSession(UNKNOWN_ID) },
      SESSION_ACTIVE: { request: async (diary) => purgeSession(await started(diary)) },
      CONFIRMATION_REQUIRED: { request: async (diary) => purgeSession(await ended(diary), '') },
      REVISION_MISMATCH: {
        request: async (diary) => ({ ...purgeSession(await ended(diary)), headers: { 'if-match': '"1"' } }),
      },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          await diary.app.inject(purgeSession(await ended(diary)));
          return purgeSession(await ended(diary));
        },
      },
      REQUEST_IN_PROGRESS: {
        request: async (diary) => {
          const id = await ended(diary);
          await occupy(diary, [{ sessionId: id }, false]);
          return purgeSession(id);
        },
      },
    },
  },
  'DELETE /api/v1/sessions/:id/entries/:sequence': {
    success: {
      status: 200,
      request: async (diary) => purgeEntry(await recorded(diary), 1),
      check: (body) => expect(JSON.parse(body)).toMatchObject({ sessions: 0, entries: 1 }),
    },
    problems: {
      SESSION_NOT_FOUND: { request: () => purgeEntry(UNKNOWN_ID, 1) },
      ENTRY_NOT_FOUND: { request: async (diary) => purgeEntry(await recorded(diary), 3) },
      CONFIRMATION_REQUIRED: { request: async (diary) => purgeEntry(await recorded(diary), 1, '') },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          const id = await recorded(diary);
          await diary.app.inject(purgeEntry(id, 1));
          return purgeEntry(id, 2);
        },
      },
      REQUEST_IN_PROGRESS: {
        request: async (diary) => {
          const id = await recorded(diary);
          await occupy(diary, [{ sessionId: id, sequence: 1 }, true]);
          return purgeEntry(id, 1);
        },
      },
    },
  },
  'DELETE /api/v1/projects': {
    success: {
      status: 200,
      request: async (diary) => {
        await diary.manager.end(await recorded(diary));
        await ended(diary);
        return purgeProject('atlas');
      },
      check: (body) => expect(JSON.parse(body)).toMatchObject({ sessions: 2, entries: 2 }),
    },
    problems: {
      PROJECT_NOT_FOUND: { request: () => purgeProject('nobody') },
      SESSION_ACTIVE: {
        request: async (diary) => {
          await started(diary);
          return purgeProject('atlas');
        },
      },
      CONFIRMATION_REQUIRED: {
        request: async (diary) => {
          await ended(diary);
          return purgeProject('atlas', '');
        },
      },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          await ended(diary);
          await diary.app.inject(purgeProject('atlas'));
          return purgeProject('other');
        },
      },
      REQUEST_IN_PROGRESS: {
        request: async (diary) => {
          await ended(diary);
          await occupy(diary, [{ project: 'atlas' }, false]);
          return purgeProject('atlas');
        },
      },
    },
  },
  'GET /api/v1/statistics': {
    success: {
      status: 200,
      request: async (diary) => {
        await recorded(diary);
        return { url: '/api/v1/statistics?bucketMs=3600000&project=atlas' };
      },
      check: (body) =>
        expect(JSON.parse(body)).toMatchObject({ byProject: [{ name: 'atlas', sessions: 1, entries: 2 }] }),
    },
    problems: {},
  },
  'GET /api/v1/projects': {
    success: {
      status: 200,
      request: async (diary) => {
        await recorded(diary);
        return { url: '/api/v1/projects' };
      },
      check: (body) =>
        expect(JSON.parse(body)).toMatchObject({
          projects: [{ name: 'atlas', sessions: 1, active: 1, entries: 2 }],
        }),
    },
    problems: {},
  },
  'GET /api/v1/projects/overview': {
    success: {
      status: 200,
      request: async (diary) => {
        await recorded(diary);
        return { url: '/api/v1/projects/overview?project=atlas' };
      },
      check: (body) =>
        expect(JSON.parse(body)).toMatchObject({
          project: 'atlas',
          sessions: 1,
          entries: 2,
          recentSessions: [{ entryCount: 2 }],
        }),
    },
    problems: { PROJECT_NOT_FOUND: { request: () => ({ url: '/api/v1/projects/overview?project=nobody' }) } },
  },
};
