import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { type AccessOptions, scopesOf, TOKEN_COOKIE } from '../security/access.ts';

const KEPT_SECONDS = 30 * 24 * 3_600;

const loginSchema = z.strictObject({ token: z.string().min(1).max(1_000) });
const answerSchema = z.object({ scopes: z.array(z.string()) });

/** Keeps a token in a browser: a page cannot send a header with its event stream, and no script should hold a token. */
export function loginRoutes(access: AccessOptions): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.post(
      '/login',
      {
        config: routeConfig('public', 'UNAUTHENTICATED'),
        schema: {
          tags: ['operating'],
          summary: 'Keep a token in this browser',
          description: 'Sets a cookie that no script can read. Repeated, it does the same again.',
          headers: keyHeadersSchema,
          body: loginSchema,
          response: { 200: answerSchema },
        },
      },
      async (request, reply) => {
        const { token } = request.body;
        const scopes = await scopesOf(token, access);
        if (scopes === undefined)
          throw new HttpProblem('UNAUTHENTICATED', 'This token is not known, or no longer.');
        reply.header('set-cookie', cookie(request, token, KEPT_SECONDS));
        return { scopes: [...scopes] };
      },
    );

    app.post(
      '/logout',
      {
        config: routeConfig('public'),
        schema: {
          tags: ['operating'],
          summary: 'Take the token out of this browser',
          headers: keyHeadersSchema,
          response: { 200: z.object({}) },
        },
      },
      async (request, reply) => {
        reply.header('set-cookie', cookie(request, '', 0));
        return {};
      },
    );
    done();
  };
}

/** Behind a proxy with TLS the page's own origin says so. */
function cookie(request: FastifyRequest, value: string, seconds: number): string {
  const secure = request.headers.origin?.startsWith('https://') === true ? '; Secure' : '';
  return `${TOKEN_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
