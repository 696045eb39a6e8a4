import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { summarizeSession } from './summarize-session.ts';
import { summarySchema } from './summary-schema.ts';

export function summaryRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/summary',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['sessions'],
          summary: 'A conversation in figures',
          params: sessionParametersSchema,
          response: { 200: summarySchema },
        },
      },
      async (request) => summarizeSession(manager, await manager.get(request.params.id)),
    );
    done();
  };
}
