import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { isoTime } from '../iso-time.ts';
import { routeConfig } from '../route/route-config.ts';
import { sessionParametersSchema } from '../sessions/session-schema.ts';
import { oneKey } from './entry-key.ts';
import {
  entryListSchema,
  entrySchema,
  listEntriesSchema,
  newEntriesSchema,
  newEntrySchema,
  recordedEntriesSchema,
} from './entry-schema.ts';
import { entryView, newEntry } from './entry-view.ts';
import { recordOne } from './record-one.ts';

const MAX_BATCH_BYTES = 16 * 1024 * 1024;

export function entryRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/sessions/:id/entries',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['entries'],
          summary: 'Read the journal',
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
      {
        config: routeConfig(
          'write',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'INVALID_ENTRY',
          'IDEMPOTENCY_CONFLICT',
        ),
        schema: {
          tags: ['entries'],
          summary: 'Record an entry',
          description: 'Answered when it is on disk. Counts as activity.',
          params: sessionParametersSchema,
          headers: keyHeadersSchema,
          body: newEntrySchema,
          response: { 201: entrySchema },
        },
      },
      async (request, reply) => {
        const key = oneKey(request.body.idempotencyKey, request.headers['idempotency-key']);
        const entry = await recordOne(manager, request.params.id, newEntry(request.body, key));
        return reply.code(201).send(entryView(entry));
      },
    );

    app.post(
      '/sessions/:id/entries/batch',
      {
        bodyLimit: MAX_BATCH_BYTES,
        config: routeConfig(
          'write',
          'SESSION_NOT_FOUND',
          'SESSION_ENDED',
          'INVALID_ENTRY',
          'IDEMPOTENCY_CONFLICT',
        ),
        schema: {
          tags: ['entries'],
          summary: 'Record many entries, all of them or none',
          description:
            'An entry without a key of its own has the key of the request and its place in the batch, as in "key:0".',
          params: sessionParametersSchema,
          headers: keyHeadersSchema,
          body: newEntriesSchema,
          response: { 201: recordedEntriesSchema },
        },
      },
      async (request, reply) => {
        const key = request.headers['idempotency-key'];
        const entries = request.body.entries.map((entry, index) =>
          newEntry(entry, entry.idempotencyKey ?? (key === undefined ? null : `${key}:${index}`)),
        );
        const recorded = await manager.record(request.params.id, entries);
        return reply.code(201).send({
          entries: recorded.map(({ sequence, idempotencyKey, recordedAt }) => ({
            sequence,
            idempotencyKey,
            recordedAt: isoTime(recordedAt),
          })),
        });
      },
    );

    done();
  };
}
