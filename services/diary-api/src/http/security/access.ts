import type { FastifyInstance, FastifyRequest } from 'fastify';

import { isAllowed, type TokenScope } from '../../tokens/token-scope.ts';
import { isSameSecret } from '../../tokens/token-secret.ts';
import type { TokenStore } from '../../tokens/token-store.ts';
import { HttpProblem } from '../problem/http-problem.ts';

export interface AccessOptions {
  readonly tokens: TokenStore;
  /** A token with every scope that is kept nowhere, such as the one in `DIARY_API_TOKEN`. */
  readonly fixedToken?: string | undefined;
}

/** In the cookie that a browser keeps, since an event stream of a page cannot send a header. */
export const TOKEN_COOKIE = 'diary_token';

/** Lets a request through only when its token has the scope of the route. An address without a route is nobody's secret. */
export function requireTokens(app: FastifyInstance, options: AccessOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const wanted = request.routeOptions.config.scope ?? 'admin';
    if (wanted === 'public') return;
    const scopes = await scopesOf(tokenOf(request), options);
    if (scopes === undefined) {
      reply.header('www-authenticate', 'Bearer realm="diary"');
      throw new HttpProblem(
        'UNAUTHENTICATED',
        'Send a valid access token in the header "Authorization: Bearer …"; "diary token create" makes one.',
      );
    }
    if (!isAllowed(scopes, wanted)) {
      throw new HttpProblem('SCOPE_MISSING', `This needs a token with the scope ${wanted}.`);
    }
  });
}

/** What the token may do; undefined for one that is not known. */
export async function scopesOf(
  token: string | undefined,
  { tokens, fixedToken }: AccessOptions,
): Promise<readonly TokenScope[] | undefined> {
  if (token === undefined) return undefined;
  if (fixedToken !== undefined && isSameSecret(token, fixedToken)) return ['admin'];
  return (await tokens.verify(token))?.scopes;
}

/** The token that a request shows, in its header or in a browser's cookie. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer +([\w.~+/=-]{1,1000})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === TOKEN_COOKIE && value !== undefined && value !== '') return value;
  }
  return undefined;
}
