import type { SessionManager } from '@endwell/session-core';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

import type { DashboardAssets } from '../dashboard/load-dashboard-assets.ts';
import { dashboardRoutes } from './dashboard/dashboard-routes.ts';
import { entryRoutes } from './entries/entry-routes.ts';
import { eventRoutes } from './events/event-routes.ts';
import { healthRoutes } from './health/health-routes.ts';
import { answerError, answerWithProblems } from './problem/answer-with-problems.ts';
import { guardAgainstOtherSites } from './security/guard-against-other-sites.ts';
import { setSecurityHeaders } from './security/set-security-headers.ts';
import { sessionRoutes } from './sessions/session-routes.ts';
import { statsRoutes } from './stats/stats-routes.ts';

export interface DiaryServerOptions {
  /** Not closed by the server: whoever made it closes it, after the server. */
  readonly manager: SessionManager;
  /** @defaultValue none */
  readonly logger?: FastifyBaseLogger | undefined;
  /** Without them there is no page at `/`. */
  readonly dashboard?: DashboardAssets | undefined;
  /**
   * How large a body may be; a batch of entries may have 16 MiB.
   *
   * @defaultValue 1 MiB
   */
  readonly maxBodyBytes?: number | undefined;
  /** @defaultValue 15_000 */
  readonly heartbeatMs?: number | undefined;
  /** @defaultValue 512 */
  readonly maxStreams?: number | undefined;
}

export interface DiaryServer {
  readonly app: FastifyInstance;
  /** No longer ready: ends the event streams, which would otherwise keep `app.close()` waiting. */
  endStreams(): void;
}

/** Builds the HTTP side and listens nowhere: `app.listen` and `app.inject` are the caller's. */
export function createDiaryServer(options: DiaryServerOptions): DiaryServer {
  const { manager } = options;
  const ending = new AbortController();
  const app: FastifyInstance = Fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    bodyLimit: options.maxBodyBytes ?? 1024 * 1024,
    // A connection that is idle does not hold up the end.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply);
    },
    requestIdHeader: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON is the only kind of body: a form of another site could send text.
  app.removeContentTypeParser('text/plain');
  setSecurityHeaders(app);
  guardAgainstOtherSites(app);
  answerWithProblems(app);

  app.register(healthRoutes(manager, ending.signal));
  app.register(
    (api, _options, done) => {
      api.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      });
      api.register(sessionRoutes(manager));
      api.register(entryRoutes(manager));
      api.register(statsRoutes(manager));
      api.register(
        eventRoutes(manager, {
          signal: ending.signal,
          heartbeatMs: options.heartbeatMs ?? 15_000,
          maxStreams: options.maxStreams ?? 512,
        }),
      );
      done();
    },
    { prefix: '/api/v1' },
  );
  if (options.dashboard !== undefined) app.register(dashboardRoutes(options.dashboard));
  app.addHook('preClose', async () => ending.abort());
  app.addHook('onSend', async (_request, reply) => {
    // What is still in flight takes its connection with it, rather than leave it idle until it times out.
    if (ending.signal.aborted) reply.header('connection', 'close');
  });

  return { app, endStreams: () => ending.abort() };
}
