import type { FastifyPluginCallback, FastifyRequest } from 'fastify';

import type { DashboardAssets } from '../../dashboard/load-dashboard-assets.ts';
import { routeConfig } from '../route/route-config.ts';

/** The page and its files, from memory: there is no path that could lead anywhere else. */
/** What stands before the page, where tokens are needed. */
export interface DashboardGate {
  readonly isOpen: (request: FastifyRequest) => Promise<boolean>;
  /** Where a browser without a token goes. */
  readonly elsewhere: string;
}

export function dashboardRoutes(assets: DashboardAssets, gate?: DashboardGate): FastifyPluginCallback {
  return (app, _options, done) => {
    // The page itself holds nothing; what it asks for needs the token.
    const page = { config: routeConfig('public'), schema: { hide: true } };
    for (const [path, asset] of assets) {
      app.get(path, page, async (request, reply) => {
        if (path === '/' && gate !== undefined && !(await gate.isOpen(request))) {
          return reply.header('cache-control', 'no-store').redirect(gate.elsewhere, 303);
        }
        reply.header('etag', asset.entityTag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === asset.entityTag) return reply.code(304).send();
        return reply.type(asset.mediaType).send(asset.content);
      });
    }
    done();
  };
}
