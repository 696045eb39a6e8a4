import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { sessionParametersSchema } from '../sessions/session-schema.ts';
import {
  entryListSchema,
  entrySchema,
  listEntriesSchema,
  newEntriesSchema,
  newEntrySchema,
  recordedEntriesSchema,
} from './entry-schema.ts';
import { entryView, newEntry } from './entry-view.ts';

const MAX_BATCH_BYTES = 16 * 1024 * 1024;

export function entryRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/entries',
      {
        schema: {
          params: sessionParametersSchema,
          querystring: listEntriesSchema,
          response: { 200: entryListSchema },
        },
      },
      async (request) => {
        const { entries, nextAfter } = await manager.entries(request.params.id, request.query);
        return { entries: entries.map(entryView), nextAfter };
      },
    );

    app.post(
      '/sessions/:id/entries',
      { schema: { params: sessionParametersSchema, body: newEntrySchema, response: { 201: entrySchema } } },
      async (request, reply) => {
        const [entry] = await manager.record(request.params.id, newEntry(request.body));
        if (entry === undefined) throw new Error('the store acknowledged an entry and returned none');
        return reply.code(201).send(entryView(entry));
      },
    );

    app.post(
      '/sessions/:id/entries/batch',
      {
        bodyLimit: MAX_BATCH_BYTES,
        schema: {
          params: sessionParametersSchema,
          body: newEntriesSchema,
          response: { 201: recordedEntriesSchema },
        },
      },
      async (request, reply) => {
        const entries = await manager.record(request.params.id, request.body.entries.map(newEntry));
        return reply.code(201).send({ entries: entries.map(entryView) });
      },
    );

    done();
  };
}
