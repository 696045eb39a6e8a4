import { END_REASONS, type SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { isoTime } from '../iso-time.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { storableText, timeText } from '../schema/text-schema.ts';

const DAY_MS = 24 * 3_600_000;
const MAX_STEPS = 10_000;

const querySchema = z.strictObject({
  project: storableText(1_024).optional(),
  agent: storableText(256).optional(),
  /** @defaultValue 30 days before `to` */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Not part of it; now, unless it is given. */
  to: z.iso.datetime({ offset: true }).optional(),
  /** The length of a step of the timeline: a day, unless it is given. */
  bucketMs: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(366 * DAY_MS)
    .default(DAY_MS),
});

export const groupSchema = z.object({
  /** Null for those without one. */
  name: z.string().nullable(),
  sessions: z.int(),
  active: z.int(),
  entries: z.int(),
  averageDurationMs: z.number().nullable(),
  averageEntries: z.number(),
});

export const byReasonSchema = z.record(z.enum(END_REASONS), z.int());

const answerSchema = z.object({
  timeline: z.array(
    z.object({ at: timeText, started: z.int(), ended: z.int(), active: z.int(), entries: z.int() }),
  ),
  byAgent: z.array(groupSchema),
  byProject: z.array(groupSchema),
  byReason: byReasonSchema,
  averages: z.object({ durationMs: z.number().nullable(), entries: z.number() }),
});

export type Statistics = z.output<typeof answerSchema>;

export function statisticsRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/statistics',
      {
        config: routeConfig('read'),
        schema: {
          tags: ['statistics'],
          summary: 'Sessions over time, by agent, project and reason',
          querystring: querySchema,
          response: { 200: answerSchema },
        },
      },
      async (request) => {
        const { project, agent, bucketMs } = request.query;
        const to = request.query.to === undefined ? Date.now() + 1 : Date.parse(request.query.to);
        const from = request.query.from === undefined ? to - 30 * DAY_MS : Date.parse(request.query.from);
        if (from >= to)
          throw new HttpProblem('INVALID_REQUEST', 'querystring.from: must be before querystring.to.');
        if ((to - from) / bucketMs > MAX_STEPS) {
          throw new HttpProblem(
            'INVALID_REQUEST',
            `querystring.bucketMs: at most ${MAX_STEPS} steps fit in.`,
          );
        }
        const { timeline, byAgent, byProject, byReason, averages } = await manager.statistics({
          project,
          agent,
          from: Math.max(0, from),
          to,
          bucketMs,
        });
        return {
          timeline: timeline.map(({ at, ...counts }) => ({ at: isoTime(at), ...counts })),
          byAgent: byAgent.map((group) => ({ ...group })),
          byProject: byProject.map((group) => ({ ...group })),
          byReason: { ...byReason },
          averages: { ...averages },
        };
      },
    );
    done();
  };
}
