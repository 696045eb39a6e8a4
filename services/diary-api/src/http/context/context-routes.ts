import type { Session, SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { contextQuerySchema, contextSchema, projectContextQuerySchema } from './context-schema.ts';
import { readContext } from './read-context.ts';

export function contextRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/context',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['resuming'],
          summary: 'What to know to go on with a session',
          params: sessionParametersSchema,
          querystring: contextQuerySchema,
          response: { 200: contextSchema },
        },
      },
      async (request) =>
        readContext(manager, await manager.get(request.params.id), request.query.maxCharacters),
    );

    app.get(
      '/context',
      {
        config: routeConfig('read', 'PROJECT_NOT_FOUND'),
        schema: {
          tags: ['resuming'],
          summary: 'What to know to go on with a project',
          description: 'Of the newest session of the project that has entries, or else of the newest.',
          querystring: projectContextQuerySchema,
          response: { 200: contextSchema },
        },
      },
      async (request) => {
        const { project, agent, maxCharacters } = request.query;
        return readContext(manager, await latestSession(manager, project, agent), maxCharacters);
      },
    );
    done();
  };
}

async function latestSession(manager: SessionManager, project: string, agent?: string): Promise<Session> {
  const { sessions } = await manager.list({ project, agent, limit: 50 });
  const latest = sessions.find(({ entryCount }) => entryCount > 0) ?? sessions[0];
  if (latest === undefined) {
    throw new HttpProblem('PROJECT_NOT_FOUND', 'No session belongs to this project and agent.');
  }
  return latest;
}
