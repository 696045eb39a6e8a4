import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { entrySchema } from '../entries/entry-schema.ts';
import { entryView } from '../entries/entry-view.ts';
import { routeConfig } from '../route/route-config.ts';
import { storableText } from '../schema/text-schema.ts';
import { sessionSchema } from '../sessions/session-schema.ts';
import { sessionView } from '../sessions/session-view.ts';

const querySchema = z.strictObject({
  /** All words must occur. `"a phrase"`, and `word*` for the beginning of a word; everything else is literal. */
  text: storableText(1_000),
  project: storableText(1_024).optional(),
  agent: storableText(256).optional(),
  kind: storableText(64).optional(),
  sessionId: storableText(64).optional(),
  type: storableText(64).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Not part of it. */
  to: z.iso.datetime({ offset: true }).optional(),
  order: z.enum(['relevance', 'newest']).default('relevance'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(512).optional(),
});

const answerSchema = z.object({
  hits: z.array(
    z.object({
      entry: entrySchema,
      session: sessionSchema,
      /** A piece of the text around what was found. */
      snippet: z.array(z.object({ text: z.string(), highlighted: z.boolean() })),
      /** Higher is better, within one search. */
      score: z.number(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export type SearchPage = z.output<typeof answerSchema>;

export function searchRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/search',
      {
        config: routeConfig('read', 'INVALID_OPTIONS'),
        schema: {
          tags: ['search'],
          summary: 'Find entries by what they say',
          querystring: querySchema,
          response: { 200: answerSchema },
        },
      },
      async (request) => {
        const { from, to, ...query } = request.query;
        const { hits, nextCursor } = await manager.search({
          ...query,
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
        });
        return {
          hits: await Promise.all(
            hits.map(async ({ entry, session, snippet, score }) => ({
              entry: entryView(entry),
              session: await sessionView(manager, session),
              snippet: snippet.map((part) => ({ ...part })),
              score,
            })),
          ),
          nextCursor,
        };
      },
    );
    done();
  };
}
