import { expect } from 'vitest';
import type { RouteCase } from './route-case.ts';

const ok = (url: string): RouteCase['success'] => ({ status: 200, request: () => ({ url }) });

export const otherCases: Readonly<Record<string, RouteCase>> = {
  'GET /api/v1/search': {
    success: {
      status: 200,
      request: async (diary) => {
        const { id } = await diary.manager.start({ kind: 'agent', project: 'atlas' });
        await diary.manager.record(id, { type: 'message', text: 'the quick brown fox' });
        return { url: '/api/v1/search?text=%22quick%20brown%22%20fo*&project=atlas&limit=100' };
      },
      check: (body) => {
        expect(JSON.parse(body)).toMatchObject({
          hits: [{ entry: { sequence: 1 }, session: { project: 'atlas' } }],
          nextCursor: null,
        });
        expect(body).toContain('"highlighted":true');
      },
    },
    problems: {
      INVALID_OPTIONS: { request: () => ({ url: '/api/v1/search?text=a&cursor=garbage' }) },
    },
  },
  'GET /api/v1/stats': { success: ok('/api/v1/stats'), problems: {} },
  'GET /api/v1/usage': {
    success: ok('/api/v1/usage?by=model&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00%2B01:00'),
    problems: {},
  },
  'GET /api/v1/events': {
    success: {
      status: 200,
      request: (diary) => {
        // The stream ends at once when the server does.
        diary.endStreams();
        return { url: '/api/v1/events' };
      },
    },
    problems: {
      TOO_MANY_STREAMS: { options: { maxStreams: 0 }, request: () => ({ url: '/api/v1/events' }) },
    },
  },
  'GET /api/v1/processes': { success: ok('/api/v1/processes'), problems: {} },
  'POST /api/v1/processes/reap': {
    success: { status: 200, request: () => ({ method: 'POST', url: '/api/v1/processes/reap' }) },
    problems: {
      PLAN_CHANGED: {
        request: () => ({ method: 'POST', url: '/api/v1/processes/reap', payload: { confirm: 'older' } }),
      },
    },
  },
  'POST /api/v1/login': {
    success: {
      status: 200,
      options: { fixedToken: 'a-fixed-token-of-16', requireToken: false },
      request: () => ({ method: 'POST', url: '/api/v1/login', payload: { token: 'a-fixed-token-of-16' } }),
    },
    problems: {
      UNAUTHENTICATED: {
        request: () => ({ method: 'POST', url: '/api/v1/login', payload: { token: 'another' } }),
      },
    },
  },
  'POST /api/v1/logout': {
    success: { status: 200, request: () => ({ method: 'POST', url: '/api/v1/logout' }) },
    problems: {},
  },
  'GET /login': { success: ok('/login'), problems: {} },
  'GET /login/login.js': { success: ok('/login/login.js'), problems: {} },
  'GET /healthz': { success: ok('/healthz'), problems: {} },
  'GET /readyz': {
    success: ok('/readyz'),
    problems: {
      NOT_READY: {
        request: (diary) => {
          diary.endStreams();
          return { url: '/readyz' };
        },
      },
    },
  },
  'GET /metrics': { success: ok('/metrics'), problems: {} },
  'GET /openapi.json': { success: ok('/openapi.json'), problems: {} },
  'GET /docs': { success: ok('/docs'), problems: {} },
  'GET /docs/reference.css': { success: ok('/docs/reference.css'), problems: {} },
};
