import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';

const statusSchema = z.object({ status: z.literal('ok') });

/** `/healthz`: the process answers. `/readyz`: it also can do its work, and is not about to end. */
export function healthRoutes(manager: SessionManager, ending: AbortSignal): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/healthz',
      {
        config: routeConfig('public'),
        schema: { tags: ['operating'], summary: 'The process answers', response: { 200: statusSchema } },
      },
      async () => ({ status: 'ok' as const }),
    );

    const ready = {
      config: routeConfig('public', 'NOT_READY'),
      schema: { tags: ['operating'], summary: 'It can do its work', response: { 200: statusSchema } },
    };
    app.get('/readyz', ready, async (request) => {
      if (ending.aborted) throw new HttpProblem('NOT_READY', 'The server is ending.');
      try {
        await manager.counts();
      } catch (error) {
        request.log.error({ err: error }, 'the store does not answer');
        throw new HttpProblem('NOT_READY', 'The store does not answer; the log says why.', { cause: error });
      }
      return { status: 'ok' as const };
    });
    done();
  };
}
