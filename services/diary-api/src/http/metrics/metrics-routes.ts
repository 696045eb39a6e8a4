import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { routeConfig } from '../route/route-config.ts';
import type { HttpMetrics } from './http-metrics.ts';

export function metricsRoutes(metrics: HttpMetrics): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/metrics',
      {
        config: routeConfig('read'),
        schema: {
          tags: ['operating'],
          summary: 'Figures for Prometheus',
          response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
        },
        // Prometheus' own text, not JSON.
        serializerCompiler: () => String,
      },
      async (_request, reply) => reply.type(metrics.mediaType).send(await metrics.render()),
    );
    done();
  };
}
