import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { filesOf } from '../actions/action-view.ts';
import { oneKey } from '../entries/entry-key.ts';
import { recordOne } from '../entries/record-one.ts';
import { scanEntries } from '../entries/scan-entries.ts';
import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { messageListSchema, messageSchema, listMessagesSchema, newMessageSchema } from './message-schema.ts';
import { MESSAGE_TYPE, messageView, newMessage, roleOf } from './message-view.ts';

export function messageRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/messages',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['messages'],
          summary: 'Read what was said',
          params: sessionParametersSchema,
          querystring: listMessagesSchema,
          response: { 200: messageListSchema },
        },
      },
      async (request) => {
        const { after, limit, role, file } = request.query;
        const page = await scanEntries(manager, request.params.id, {
          after,
          limit,
          type: MESSAGE_TYPE,
          matches: (entry) =>
            (role === undefined || roleOf(entry) === role) &&
            (file === undefined || filesOf(entry).includes(file)),
        });
        return { messages: page.entries.map(messageView), nextAfter: page.nextAfter };
      },
    );

    app.post(
      '/sessions/:id/messages',
      {
        config: routeConfig(
          'write',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'INVALID_ENTRY',
          'IDEMPOTENCY_CONFLICT',
        ),
        schema: {
          tags: ['messages'],
          summary: 'Record what was said',
          description: 'Answered when it is on disk. Counts as activity.',
          params: sessionParametersSchema,
          headers: keyHeadersSchema,
          body: newMessageSchema,
          response: { 201: messageSchema },
        },
      },
      async (request, reply) => {
        const key = oneKey(request.body.idempotencyKey, request.headers['idempotency-key']);
        const entry = await recordOne(manager, request.params.id, newMessage(request.body, key));
        return reply.code(201).send(messageView(entry));
      },
    );

    done();
  };
}
