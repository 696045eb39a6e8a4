import { Readable } from 'node:stream';

import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { exportLines } from '../../export/export-lines.ts';
import { exportMarkdown } from '../../export/export-markdown.ts';
import { routeConfig } from '../route/route-config.ts';
import { storableText } from '../schema/text-schema.ts';
import { listSessionsSchema } from '../sessions/session-schema.ts';

const querySchema = listSessionsSchema.omit({ limit: true, cursor: true }).extend({
  format: z.enum(['jsonl', 'markdown']).default('jsonl'),
  /** Only this session. */
  sessionId: storableText(64).optional(),
});

const mediaTypes = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
} as const;

/** Sessions with their journals, as they are read from the store: however many there are, few are in memory at a time. */
export function exportRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/export',
      {
        config: routeConfig('read', 'SESSION_NOT_FOUND'),
        schema: {
          tags: ['moving'],
          summary: 'Sessions with their journals, as JSON Lines or Markdown',
          querystring: querySchema,
          response: {
            200: {
              content: {
                'application/x-ndjson': { schema: z.string() },
                'text/markdown': { schema: z.string() },
              },
            },
          },
        },
      },
      async (request, reply) => {
        const { format, startedFrom, startedTo, ...filter } = request.query;
        if (filter.sessionId !== undefined) await manager.get(filter.sessionId);
        const items = manager.exportSessions({
          ...filter,
          startedFrom: startedFrom === undefined ? undefined : Date.parse(startedFrom),
          startedTo: startedTo === undefined ? undefined : Date.parse(startedTo),
        });
        const text = Readable.from(format === 'jsonl' ? exportLines(items) : exportMarkdown(items), {
          highWaterMark: 64,
        });
        text.once('error', (error) => request.log.error({ err: error }, 'export failed'));
        return reply
          .type(mediaTypes[format])
          .header(
            'content-disposition',
            `attachment; filename="diary.${format === 'jsonl' ? 'jsonl' : 'md'}"`,
          )
          .send(text as never);
      },
    );
    done();
  };
}
