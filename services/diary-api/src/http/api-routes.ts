import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallback } from 'fastify';

import type { PriceTable } from '../usage/price-table.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import { actionRoutes } from './actions/action-routes.ts';
import { contextRoutes } from './context/context-routes.ts';
import { entryRoutes } from './entries/entry-routes.ts';
import { type EventRouteOptions, eventRoutes } from './events/event-routes.ts';
import type { RequestLedger } from './idempotency/request-ledger.ts';
import { loginRoutes } from './login/login-routes.ts';
import { messageRoutes } from './messages/message-routes.ts';
import { exportRoutes } from './moving/export-routes.ts';
import { importRoutes } from './moving/import-routes.ts';
import { processRoutes } from './processes/process-routes.ts';
import { projectRoutes } from './projects/project-routes.ts';
import { purgeRoutes } from './purge/purge-routes.ts';
import { searchRoutes } from './search/search-routes.ts';
import type { AccessOptions } from './security/access.ts';
import { sessionRoutes } from './sessions/session-routes.ts';
import { statisticsRoutes } from './stats/statistics-routes.ts';
import { statsRoutes } from './stats/stats-routes.ts';
import { summaryRoutes } from './summary/summary-routes.ts';
import { usageRoutes } from './usage/usage-routes.ts';

export interface ApiOptions {
  readonly manager: SessionManager;
  readonly ledger: RequestLedger;
  readonly usage: UsageStore;
  readonly access: AccessOptions;
  readonly prices: PriceTable | undefined;
  readonly maxImportBytes: number;
  readonly streams: EventRouteOptions;
}

/** Everything below `/api/v1`. */
export function apiRoutes(options: ApiOptions): FastifyPluginCallback {
  const { manager, ledger } = options;
  return (api, _options, done) => {
    api.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    api.register(loginRoutes(options.access));
    api.register(sessionRoutes(manager, ledger));
    api.register(entryRoutes(manager));
    api.register(actionRoutes(manager));
    api.register(messageRoutes(manager));
    api.register(summaryRoutes(manager));
    api.register(contextRoutes(manager));
    api.register(searchRoutes(manager));
    api.register(statsRoutes(manager));
    api.register(usageRoutes(options.usage, options.prices));
    api.register(eventRoutes(manager, options.streams));
    api.register(exportRoutes(manager));
    api.register(importRoutes(manager, options.maxImportBytes));
    api.register(purgeRoutes(manager, ledger, options.usage));
    api.register(statisticsRoutes(manager));
    api.register(projectRoutes(manager, options.usage));
    api.register(processRoutes());
    done();
  };
}
