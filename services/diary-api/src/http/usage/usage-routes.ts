import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { costOf, type PriceTable } from '../../usage/price-table.ts';
import type { UsageRow, UsageStore } from '../../usage/usage-store.ts';
import { routeConfig } from '../route/route-config.ts';
import { storableText } from '../schema/text-schema.ts';

/** How long one request takes in what is new before it answers with what there is. */
const CATCH_UP_MS = 1_000;
const MAX_GROUPS = 1_000;

const querySchema = z.strictObject({
  by: z.enum(['day', 'session', 'project', 'model']).default('day'),
  project: storableText(1_024).optional(),
  sessionId: storableText(64).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Not part of it. */
  to: z.iso.datetime({ offset: true }).optional(),
});

const countsSchema = z.object({
  messages: z.int(),
  input: z.int(),
  output: z.int(),
  cacheRead: z.int(),
  cacheWrite: z.int(),
  /** Null without a price for any of the models. */
  cost: z.number().nullable(),
});

const groupSchema = countsSchema.extend({
  /** A day in UTC, a session's id, a project or a model. */
  key: z.string().nullable(),
});

const usageSchema = z.object({
  by: querySchema.shape.by,
  groups: z.array(groupSchema),
  total: countsSchema,
  /** Of `cost`; null without a price table. */
  currency: z.string().nullable(),
  /** Models that were used and have no price. */
  unpriced: z.array(z.string()),
  /** False while a long history is still being taken in: ask again. */
  isComplete: z.boolean(),
  /** More groups than are shown; `total` has them all. */
  isCut: z.boolean(),
});

type Counts = z.output<typeof countsSchema>;

export type Usage = z.output<typeof usageSchema>;

export function usageRoutes(usage: UsageStore, prices: PriceTable | undefined): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/usage',
      {
        config: routeConfig('read'),
        schema: {
          tags: ['statistics'],
          summary: 'Tokens and their cost',
          description: 'From the `usage` that recorded and imported messages carry.',
          querystring: querySchema,
          response: { 200: usageSchema },
        },
      },
      async (request) => {
        const { from, to, ...query } = request.query;
        const isComplete = await usage.catchUp(CATCH_UP_MS);
        const rows = await usage.totals({
          ...query,
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
        });
        const groups = Map.groupBy(rows, ({ key }) => key);
        const used = new Set(rows.flatMap(({ model }) => model ?? []));
        const isPriced = (model: string): boolean =>
          costOf(prices, model, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }) !== null;
        return {
          by: query.by,
          groups: [...groups]
            .slice(0, MAX_GROUPS)
            .map(([key, members]) => ({ key, ...sum(members, prices) })),
          total: sum(rows, prices),
          currency: prices?.currency ?? null,
          unpriced: [...used].filter((model) => !isPriced(model)).slice(0, 100),
          isComplete,
          isCut: groups.size > MAX_GROUPS,
        };
      },
    );
    done();
  };
}

function sum(rows: readonly UsageRow[], prices: PriceTable | undefined): Counts {
  const total: Counts = { messages: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: null };
  for (const row of rows) {
    for (const name of ['messages', 'input', 'output', 'cacheRead', 'cacheWrite'] as const)
      total[name] += row[name];
    const cost = costOf(prices, row.model, row);
    if (cost !== null) total.cost = (total.cost ?? 0) + cost;
  }
  return total;
}
