import type { TokenScope } from '../../tokens/token-scope.ts';
import type { ProblemCode } from '../problem/problem-codes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token needs for this route; `public` needs none. A route without it is for `admin` only. */
    readonly scope?: TokenScope | 'public';
    /** The codes that this route itself can answer with, beside those that every route has. */
    readonly problems?: readonly ProblemCode[];
  }
}

/** A route as `config` of Fastify describes it; a function, so that none of its parts is forgotten. */
export function routeConfig(
  scope: TokenScope | 'public',
  ...problems: readonly ProblemCode[]
): { readonly scope: TokenScope | 'public'; readonly problems: readonly ProblemCode[] } {
  return { scope, problems };
}
