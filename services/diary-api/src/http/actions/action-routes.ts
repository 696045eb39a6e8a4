import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { oneKey } from '../entries/entry-key.ts';
import { recordOne } from '../entries/record-one.ts';
import { scanEntries } from '../entries/scan-entries.ts';
import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { actionListSchema, actionSchema, listActionsSchema, newActionSchema } from './action-schema.ts';
import { ACTION_TYPE, actionView, filesOf, newAction } from './action-view.ts';

export function actionRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/actions',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['actions'],
          summary: 'Read what was done',
          params: sessionParametersSchema,
          querystring: listActionsSchema,
          response: { 200: actionListSchema },
        },
      },
      async (request) => {
        const { after, limit, type, success, file } = request.query;
        const page = await scanEntries(manager, request.params.id, {
          after,
          limit,
          type: ACTION_TYPE,
          matches: (entry) =>
            (type === undefined || entry.data?.['action'] === type) &&
            (success === undefined || String(entry.data?.['success']) === success) &&
            (file === undefined || filesOf(entry).includes(file)),
        });
        return { actions: page.entries.map(actionView), nextAfter: page.nextAfter };
      },
    );

    app.post(
      '/sessions/:id/actions',
      {
        config: routeConfig(
          'write',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'INVALID_ENTRY',
          'IDEMPOTENCY_CONFLICT',
        ),
        schema: {
          tags: ['actions'],
          summary: 'Record what was done',
          description: 'Answered when it is on disk. Counts as activity.',
          params: sessionParametersSchema,
          headers: keyHeadersSchema,
          body: newActionSchema,
          response: { 201: actionSchema },
        },
      },
      async (request, reply) => {
        const key = oneKey(request.body.idempotencyKey, request.headers['idempotency-key']);
        const entry = await recordOne(manager, request.params.id, newAction(request.body, key));
        return reply.code(201).send(actionView(entry));
      },
    );

    done();
  };
}
