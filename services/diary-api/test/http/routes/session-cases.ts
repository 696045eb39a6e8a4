import { createRequestLedger } from '../../../src/http/idempotency/request-ledger.ts';
import { ended, type RouteCase, started, UNKNOWN_ID } from './route-case.ts';

const notFound = (method: 'GET' | 'POST', rest = '', payload?: object) => ({
  request: () => ({
    method,
    url: `/api/v1/sessions/${UNKNOWN_ID}${rest}`,
    ...(payload === undefined ? {} : { payload }),
  }),
});

export const sessionCases: Readonly<Record<string, RouteCase>> = {
  'GET /api/v1/sessions': {
    success: {
      status: 200,
      request: () => ({
        url: '/api/v1/sessions?state=ended&endReason=owner_died&user=ada&startedFrom=2026-01-01T00:00:00Z&limit=500',
      }),
    },
    problems: { INVALID_OPTIONS: { request: () => ({ url: '/api/v1/sessions?cursor=garbage' }) } },
  },
  'POST /api/v1/sessions': {
    success: {
      status: 201,
      request: () => ({ method: 'POST', url: '/api/v1/sessions', payload: { project: 'atlas' } }),
    },
    problems: {
      INVALID_OPTIONS: {
        request: () => ({
          method: 'POST',
          url: '/api/v1/sessions',
          payload: { metadata: { long: 'x'.repeat(70_000) } },
        }),
      },
      SESSION_NOT_FOUND: {
        request: () => ({ method: 'POST', url: '/api/v1/sessions', payload: { parentId: UNKNOWN_ID } }),
      },
      SESSION_ENDED: {
        request: async (diary) => ({
          method: 'POST',
          url: '/api/v1/sessions',
          payload: { parentId: await ended(diary) },
        }),
      },
      EXTERNAL_ID_IN_USE: {
        request: async (diary) => {
          await diary.manager.start({ kind: 'agent', source: 'codex', externalId: 'one' });
          return { method: 'POST', url: '/api/v1/sessions', payload: { source: 'codex', externalId: 'one' } };
        },
      },
      SESSION_QUOTA: {
        options: { limits: { quotas: { perProject: 1 } } },
        request: async (diary) => {
          await started(diary, 'atlas');
          return { method: 'POST', url: '/api/v1/sessions', payload: { project: 'atlas' } };
        },
      },
      SESSION_RATE: {
        options: { limits: { startRate: { perSecond: 1, burst: 1 } } },
        request: async (diary) => {
          await started(diary, 'atlas');
          return { method: 'POST', url: '/api/v1/sessions', payload: { project: 'atlas' } };
        },
      },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          const request = {
            method: 'POST',
            url: '/api/v1/sessions',
            headers: { 'idempotency-key': 'k' },
          } as const;
          await diary.app.inject({ ...request, payload: { project: 'one' } });
          return { ...request, payload: { project: 'two' } };
        },
      },
      REQUEST_IN_PROGRESS: {
        request: async (diary) => {
          const payload = { kind: 'agent', project: 'one' };
          const { promise, resolve } = Promise.withResolvers<void>();
          // Never answered: the test ends first.
          void createRequestLedger(diary.database).once(
            { key: 'k', route: 'start', input: payload, isRepeatable: false },
            () => {
              resolve();
              return new Promise(() => {});
            },
          );
          await promise;
          return { method: 'POST', url: '/api/v1/sessions', headers: { 'idempotency-key': 'k' }, payload };
        },
      },
      REQUEST_UNSETTLED: {
        request: async (diary) => {
          const request = {
            method: 'POST',
            url: '/api/v1/sessions',
            payload: {},
            headers: { 'idempotency-key': 'k' },
          } as const;
          await diary.app.inject(request);
          // As a server leaves it that was killed before it could say that it is done.
          await diary.database.write((db) =>
            db.exec(`UPDATE diary_requests SET done_at = NULL, session_id = NULL, server = 'unknown:1'`),
          );
          return request;
        },
      },
    },
  },
  'GET /api/v1/sessions/:id': {
    success: { status: 200, request: async (diary) => ({ url: `/api/v1/sessions/${await started(diary)}` }) },
    problems: { SESSION_NOT_FOUND: notFound('GET') },
  },
  'GET /api/v1/sessions/:id/children': {
    success: {
      status: 200,
      request: async (diary) => ({ url: `/api/v1/sessions/${await started(diary)}/children` }),
    },
    problems: { SESSION_NOT_FOUND: notFound('GET', '/children') },
  },
  'POST /api/v1/sessions/:id/touch': {
    success: {
      status: 200,
      request: async (diary) => ({ method: 'POST', url: `/api/v1/sessions/${await started(diary)}/touch` }),
    },
    problems: {
      SESSION_NOT_FOUND: notFound('POST', '/touch'),
      SESSION_ENDED: {
        request: async (diary) => ({ method: 'POST', url: `/api/v1/sessions/${await ended(diary)}/touch` }),
      },
    },
  },
  'POST /api/v1/sessions/:id/end': {
    success: {
      status: 200,
      request: async (diary) => ({
        method: 'POST',
        url: `/api/v1/sessions/${await started(diary)}/end`,
        headers: { 'if-match': '"1"' },
        payload: { reason: 'shutdown' },
      }),
    },
    problems: {
      SESSION_NOT_FOUND: notFound('POST', '/end'),
      SESSION_ENDED: {
        request: async (diary) => ({ method: 'POST', url: `/api/v1/sessions/${await ended(diary)}/end` }),
      },
      REVISION_MISMATCH: {
        request: async (diary) => ({
          method: 'POST',
          url: `/api/v1/sessions/${await started(diary)}/end`,
          headers: { 'if-match': '"7", "8"' },
        }),
      },
      IDEMPOTENCY_CONFLICT: {
        request: async (diary) => {
          const request = {
            method: 'POST',
            url: `/api/v1/sessions/${await started(diary)}/end`,
            headers: { 'idempotency-key': 'k' },
          } as const;
          await diary.app.inject(request);
          return { ...request, payload: { note: 'other' } };
        },
      },
      REQUEST_IN_PROGRESS: {
        request: async (diary) => {
          const id = await started(diary);
          const { promise, resolve } = Promise.withResolvers<void>();
          void createRequestLedger(diary.database).once(
            { key: 'k', route: 'end', input: [id, 'completed', null], isRepeatable: true },
            () => {
              resolve();
              return new Promise(() => {});
            },
          );
          await promise;
          return { method: 'POST', url: `/api/v1/sessions/${id}/end`, headers: { 'idempotency-key': 'k' } };
        },
      },
    },
  },
  'GET /api/v1/sessions/:id/summary': {
    success: {
      status: 200,
      request: async (diary) => ({ url: `/api/v1/sessions/${await started(diary)}/summary` }),
    },
    problems: { SESSION_NOT_FOUND: notFound('GET', '/summary') },
  },
  'GET /api/v1/sessions/:id/context': {
    success: {
      status: 200,
      request: async (diary) => ({
        url: `/api/v1/sessions/${await started(diary)}/context?maxCharacters=500`,
      }),
    },
    problems: { SESSION_NOT_FOUND: notFound('GET', '/context') },
  },
  'GET /api/v1/context': {
    success: {
      status: 200,
      request: async (diary) => {
        await started(diary, 'atlas');
        return { url: '/api/v1/context?project=atlas' };
      },
    },
    problems: { PROJECT_NOT_FOUND: { request: () => ({ url: '/api/v1/context?project=nobody' }) } },
  },
};
