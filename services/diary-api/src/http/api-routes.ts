import type { SessionManager } from '@endwell/session-core';
import type { FastifyPluginCallback } from 'fastify';

import type { PriceTable } from '../usage/price-table.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import { actionRoutes } from './actions/action-routes.ts';
import { contextRoutes } from './context/context-routes.ts';
import { entryRoutes } from './entries/entry-routes.ts';
import { type EventRouteOptions, eventRoutes } from './events/event-routes.ts';
import type { RequestLedger } from './idempotency/request-ledger.ts';
import { messageRoutes } from './messages/message-routes.ts';
import { processRoutes } from './processes/process-routes.ts';
import { searchRoutes } from './search/search-routes.ts';
import { sessionRoutes } from './sessions/session-routes.ts';
import { statsRoutes } from './stats/stats-routes.ts';
import { summaryRoutes } from './summary/summary-routes.ts';
import { usageRoutes } from './usage/usage-routes.ts';

export interface ApiOptions {
  readonly manager: SessionManager;
  readonly ledger: RequestLedger;
  readonly usage: UsageStore;
  readonly prices: PriceTable | undefined;
  readonly streams: EventRouteOptions;
}

/** Everything below `/api/v1`. */
export function apiRoutes(options: ApiOptions): FastifyPluginCallback {
  const { manager, ledger } = options;
  return (api, _options, done) => {
    api.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
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
    api.register(processRoutes((text) => text));
    done();
  };
}
