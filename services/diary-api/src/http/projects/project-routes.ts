import type { SessionManager, Statistics } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import type { UsageStore } from '../../usage/usage-store.ts';
import { readContext } from '../context/read-context.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { storableText, timeText } from '../schema/text-schema.ts';
import { sessionSchema } from '../sessions/session-schema.ts';
import { sessionViews } from '../sessions/session-view.ts';
import { byReasonSchema, groupSchema } from '../stats/statistics-routes.ts';

const RECENT_SESSIONS = 10;
const CATCH_UP_MS = 500;

const projectsSchema = z.object({ projects: z.array(groupSchema) });

const overviewSchema = z.object({
  project: z.string(),
  sessions: z.int(),
  active: z.int(),
  entries: z.int(),
  averageDurationMs: z.number().nullable(),
  averageEntries: z.number(),
  lastActiveAt: timeText,
  byAgent: z.array(groupSchema),
  byReason: byReasonSchema,
  recentSessions: z.array(sessionSchema),
  /** That the newest session and those it goes on from named last. */
  recentFiles: z.array(z.string()),
  /** Of all its messages that carry them. */
  tokens: z.object({ input: z.int(), output: z.int(), cacheRead: z.int(), cacheWrite: z.int() }),
});

export function projectRoutes(manager: SessionManager, usage: UsageStore): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/projects',
      {
        config: routeConfig('read'),
        schema: {
          tags: ['statistics'],
          summary: 'Projects with their figures, the largest first',
          description: 'At most 1,000.',
          response: { 200: projectsSchema },
        },
      },
      async () => ({ projects: (await allTime(manager)).byProject.map((group) => ({ ...group })) }),
    );

    app.get(
      '/projects/overview',
      {
        config: routeConfig('read', 'PROJECT_NOT_FOUND'),
        schema: {
          tags: ['statistics'],
          summary: 'One project: its figures, recent sessions, files and tokens',
          querystring: z.strictObject({ project: storableText(1_024) }),
          response: { 200: overviewSchema },
        },
      },
      async (request) => {
        const { project } = request.query;
        const { sessions } = await manager.list({ project, limit: RECENT_SESSIONS });
        const [newest] = sessions;
        if (newest === undefined)
          throw new HttpProblem('PROJECT_NOT_FOUND', 'No session belongs to this project.');
        const { byProject, byAgent, byReason } = await allTime(manager, project);
        const [figures] = byProject;
        if (figures === undefined)
          throw new HttpProblem('PROJECT_NOT_FOUND', 'The project has just been forgotten.');
        await usage.catchUp(CATCH_UP_MS);
        const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
        for (const row of await usage.totals({ by: 'model', project })) {
          for (const name of ['input', 'output', 'cacheRead', 'cacheWrite'] as const)
            tokens[name] += row[name];
        }
        const { name: _name, ...counts } = figures;
        return {
          project,
          ...counts,
          lastActiveAt: new Date(Math.max(...sessions.map((each) => each.lastActiveAt))).toISOString(),
          byAgent: byAgent.map((group) => ({ ...group })),
          byReason: { ...byReason },
          recentSessions: await sessionViews(manager, sessions),
          recentFiles: (await readContext(manager, newest, 500)).files,
          tokens,
        };
      },
    );
    done();
  };
}

async function allTime(manager: SessionManager, project?: string): Promise<Statistics> {
  // Few long steps: only the sums matter.
  return await manager.statistics({ project, from: 0, to: Date.now() + 1, bucketMs: 366 * 24 * 3_600_000 });
}
