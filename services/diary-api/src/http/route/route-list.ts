import type { FastifyInstance, FastifySchema } from 'fastify';

import type { TokenScope } from '../../tokens/token-scope.ts';
import type { ProblemCode } from '../problem/problem-codes.ts';

/** What the documents and the tests need to know of a route. */
export interface RouteRecord {
  readonly method: string;
  readonly url: string;
  readonly scope: TokenScope | 'public';
  readonly schema: FastifySchema | undefined;
  /** Every code that it can answer with, but for those of a store or server that is broken or ending. */
  readonly problems: readonly ProblemCode[];
}

/** Keeps a list of the routes that are added from now on. */
export function listRoutes(app: FastifyInstance): readonly RouteRecord[] {
  const routes: RouteRecord[] = [];
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    for (const name of [method].flat()) {
      if (name === 'HEAD') continue;
      const scope = config?.scope ?? 'admin';
      const problems = [...commonProblems(name, url, scope, schema), ...(config?.problems ?? [])];
      routes.push({ method: name, url, scope, schema, problems });
    }
  });
  return routes;
}

function commonProblems(
  method: string,
  url: string,
  scope: TokenScope | 'public',
  schema: FastifySchema | undefined,
): ProblemCode[] {
  const isJson = (schema as { readonly consumes?: unknown } | undefined)?.consumes === undefined;
  const takesInput = [schema?.body, schema?.querystring, schema?.params, schema?.headers].some(Boolean);
  return [
    'HOST_NOT_ALLOWED',
    'ORIGIN_NOT_ALLOWED',
    'RATE_LIMITED',
    ...(scope === 'public' ? [] : (['UNAUTHENTICATED', 'SCOPE_MISSING'] as const)),
    ...(takesInput ? (['INVALID_REQUEST'] as const) : []),
    ...(url.includes(':') ? (['MALFORMED_URL'] as const) : []),
    ...(method === 'GET' || !isJson ? [] : (['MALFORMED_BODY'] as const)),
    ...(method === 'GET' ? [] : (['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
  ];
}
