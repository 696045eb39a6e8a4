import type { FastifyPluginCallback } from 'fastify';

import type { DashboardAssets } from '../../dashboard/load-dashboard-assets.ts';
import { routeConfig } from '../route/route-config.ts';

/** The page and its files, from memory: there is no path that could lead anywhere else. */
export function dashboardRoutes(assets: DashboardAssets): FastifyPluginCallback {
  return (app, _options, done) => {
    // The page itself holds nothing; what it asks for needs the token.
    const page = { config: routeConfig('public'), schema: { hide: true } };
    for (const [path, asset] of assets) {
      app.get(path, page, async (request, reply) => {
        reply.header('etag', asset.entityTag).header('cache-control', 'no-cache');
        if (request.headers['if-none-match'] === asset.entityTag) return reply.code(304).send();
        return reply.type(asset.mediaType).send(asset.content);
      });
    }
    done();
  };
}
