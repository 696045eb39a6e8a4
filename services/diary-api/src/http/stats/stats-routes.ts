import { END_REASONS, type SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { routeConfig } from '../route/route-config.ts';

const statsSchema = z.object({
  active: z.int(),
  ended: z.int(),
  entries: z.int(),
  byReason: z.record(z.enum(END_REASONS), z.int()),
});

export type Stats = z.output<typeof statsSchema>;

export function statsRoutes(manager: SessionManager): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    const counts = {
      config: routeConfig('read'),
      schema: {
        tags: ['statistics'],
        summary: 'How many sessions, and why they ended',
        response: { 200: statsSchema },
      },
    };
    app.get('/stats', counts, async () => {
      const { active, ended, entries, byReason } = await manager.counts();
      return { active, ended, entries, byReason: { ...byReason } };
    });
    done();
  };
}
