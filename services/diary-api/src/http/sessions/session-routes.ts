import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import {
  childrenSchema,
  endSessionSchema,
  listSessionsSchema,
  sessionListSchema,
  sessionParametersSchema,
  sessionSchema,
  startSessionSchema,
} from './session-schema.ts';
import { sessionView } from './session-view.ts';

export function sessionRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions',
      { schema: { querystring: listSessionsSchema, response: { 200: sessionListSchema } } },
      async (request) => {
        const { sessions, nextCursor } = await manager.list(request.query);
        return { sessions: sessions.map(sessionView), nextCursor };
      },
    );

    app.post(
      '/sessions',
      { schema: { body: startSessionSchema, response: { 201: sessionSchema } } },
      async (request, reply) => {
        const session = await manager.start({ ...request.body, owner: null });
        return reply
          .code(201)
          .header('location', `/api/v1/sessions/${encodeURIComponent(session.id)}`)
          .send(sessionView(session));
      },
    );

    app.get(
      '/sessions/:id',
      { schema: { params: sessionParametersSchema, response: { 200: sessionSchema } } },
      async (request) => sessionView(await manager.get(request.params.id)),
    );

    app.get(
      '/sessions/:id/children',
      { schema: { params: sessionParametersSchema, response: { 200: childrenSchema } } },
      async (request) => {
        // A session that is not there is an answer of its own, not an empty list.
        const { id } = await manager.get(request.params.id);
        return { sessions: (await manager.children(id)).map(sessionView) };
      },
    );

    app.post(
      '/sessions/:id/touch',
      { schema: { params: sessionParametersSchema, response: { 200: sessionSchema } } },
      async (request) => sessionView(await manager.touch(request.params.id)),
    );

    app.post(
      '/sessions/:id/end',
      {
        schema: { params: sessionParametersSchema, body: endSessionSchema, response: { 200: sessionSchema } },
      },
      async (request) => {
        const { id } = request.params;
        const { reason = 'completed', note = null } = request.body ?? {};
        return sessionView(
          reason === 'terminated'
            ? await manager.terminate(id, { note })
            : await manager.end(id, { reason, note }),
        );
      },
    );

    done();
  };
}
