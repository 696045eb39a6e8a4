import { randomUUID } from 'node:crypto';

import type { SessionManager } from '@endwell/session-core';
import type { ComponentDatabase } from '@endwell/session-core/sqlite';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

import { isLoopback } from '../config/is-loopback.ts';
import type { DashboardAssets } from '../dashboard/load-dashboard-assets.ts';
import { createTokenStore } from '../tokens/token-store.ts';
import type { PriceTable } from '../usage/price-table.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { apiRoutes } from './api-routes.ts';
import { trackConnections } from './connections/track-connections.ts';
import { dashboardRoutes } from './dashboard/dashboard-routes.ts';
import { referenceRoutes } from './docs/reference-routes.ts';
import { healthRoutes } from './health/health-routes.ts';
import { createRequestLedger } from './idempotency/request-ledger.ts';
import { LOGIN_PAGE, loginPageRoutes } from './login/login-page-routes.ts';
import { createHttpMetrics, measureRequests } from './metrics/http-metrics.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { apiDocument, describeApi } from './openapi/describe-api.ts';
import { answerError, answerWithProblems } from './problem/answer-with-problems.ts';
import { nameSessionsInLogs } from './request-log/name-session-in-log.ts';
import { lazyRequestLogger } from './request-log/lazy-request-logger.ts';
import { requestSerializers } from './request-log/request-serializers.ts';
import { listRoutes, type RouteRecord } from './route/route-list.ts';
import { requireTokens, scopesOf, tokenOf } from './security/access.ts';
import { allowedHosts } from './security/allowed-hosts.ts';
import { guardAgainstOtherSites } from './security/guard-against-other-sites.ts';
import { limitRate } from './security/limit-rate.ts';
import { securityHeaders, setSecurityHeaders } from './security/set-security-headers.ts';

export interface DiaryServerOptions {
  /** Not closed by the server: whoever made it closes it, after the server. */
  readonly manager: SessionManager;
  /** From `openDiaryDatabase`, on the same file as the manager's store. Not closed by the server. */
  readonly database: ComponentDatabase;
  /** @defaultValue none */
  readonly logger?: FastifyBaseLogger | undefined;
  /** Without them there is no page at `/`. */
  readonly dashboard?: DashboardAssets | undefined;
  /**
   * What the server is to listen on: it decides which `Host` a request may name.
   *
   * @defaultValue '127.0.0.1'
   */
  readonly address?: string | undefined;
  /** Further names that a `Host` may have, such as that of a reverse proxy. */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Requests need an access token with the scope of their route.
   *
   * @defaultValue true where the address is not loopback or there is a `fixedToken`
   */
  readonly requireToken?: boolean | undefined;
  /** A token with every scope that is stored nowhere. */
  readonly fixedToken?: string | undefined;
  /** How many requests one address may send in a second. @defaultValue 2_000 */
  readonly maxRequestsPerSecond?: number | undefined;
  /** What tokens cost. @defaultValue none: costs are null */
  readonly prices?: PriceTable | undefined;
  /** Shown in the OpenAPI document. @defaultValue '0.0.0' */
  readonly version?: string | undefined;
  /**
   * How large a body may be; a batch of entries may have 16 MiB.
   *
   * @defaultValue 1 MiB
   */
  readonly maxBodyBytes?: number | undefined;
  /** @defaultValue 64 MiB */
  readonly maxImportBytes?: number | undefined;
  /** @defaultValue 15_000 */
  readonly heartbeatMs?: number | undefined;
  /** @defaultValue 512 */
  readonly maxStreams?: number | undefined;
}

export interface DiaryServer {
  readonly app: FastifyInstance;
  /** Every route, once the app is ready. */
  readonly routes: readonly RouteRecord[];
  /** No longer ready: ends the event streams, which would otherwise keep `app.close()` waiting. */
  endStreams(): void;
}

/** Builds the HTTP side and listens nowhere: `app.listen` and `app.inject` are the caller's. */
export function createDiaryServer(options: DiaryServerOptions): DiaryServer {
  const { manager, database, fixedToken, address = '127.0.0.1' } = options;
  const isAllowedHost = allowedHosts(address, options.allowedHosts);
  const isTokenNeeded = options.requireToken ?? (fixedToken !== undefined || !isLoopback(address));
  const ending = new AbortController();
  const app: FastifyInstance = Fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    childLoggerFactory: (logger, bindings, childOptions) =>
      lazyRequestLogger({
        parent: logger,
        bindings,
        options: { ...childOptions, serializers: requestSerializers },
      }),
    bodyLimit: options.maxBodyBytes ?? 1024 * 1024,
    // A connection that is idle does not hold up the end.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      // No hook has run for what has no route.
      void answerError(error, request, reply.headers(securityHeaders(request)));
    },
    requestIdHeader: false,
    genReqId: () => randomUUID(),
  });
  const routes = listRoutes(app);
  const metrics = createHttpMetrics(manager);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON is the only kind of body: a form of another site could send text.
  app.removeContentTypeParser('text/plain');
  setSecurityHeaders(app);
  guardAgainstOtherSites(app, isAllowedHost);
  limitRate(app, options.maxRequestsPerSecond ?? 2_000);
  const access = { tokens: createTokenStore(database), fixedToken };
  if (isTokenNeeded) requireTokens(app, access);
  nameSessionsInLogs(app);
  measureRequests(app, metrics.registry);
  answerWithProblems(app);
  describeApi(app, options.version ?? '0.0.0');

  app.register(healthRoutes(manager, ending.signal));
  app.register(metricsRoutes(metrics));
  app.register(referenceRoutes(() => apiDocument(app, routes)));
  app.register(
    apiRoutes({
      manager,
      ledger: createRequestLedger(database),
      usage: createUsageStore(database),
      access,
      prices: options.prices,
      maxImportBytes: options.maxImportBytes ?? 64 * 1024 * 1024,
      streams: {
        signal: ending.signal,
        heartbeatMs: options.heartbeatMs ?? 15_000,
        maxStreams: options.maxStreams ?? 512,
        onChange: (open) => metrics.streamsChanged(open),
      },
    }),
    { prefix: '/api/v1' },
  );
  app.register(loginPageRoutes);
  if (options.dashboard !== undefined) {
    const isOpen = async (request: FastifyRequest): Promise<boolean> =>
      (await scopesOf(tokenOf(request), access)) !== undefined;
    const gate = isTokenNeeded ? { isOpen, elsewhere: LOGIN_PAGE } : undefined;
    app.register(dashboardRoutes(options.dashboard, gate));
  }
  const connections = trackConnections(app.server);
  app.addHook('preClose', async () => {
    ending.abort();
    connections.end();
  });
  app.addHook('onSend', async (_request, reply) => {
    // What is still in flight takes its connection with it, rather than leave it idle until it times out.
    if (ending.signal.aborted) reply.header('connection', 'close');
  });

  return { app, routes, endStreams: () => ending.abort() };
}
