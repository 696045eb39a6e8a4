import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';

import { routeConfig } from '../route/route-config.ts';
import { referenceStyle } from './reference-style.ts';
import { renderReference } from './render-reference.ts';

/** The OpenAPI document and the page that shows it. Both are made once, when somebody asks. */
export function referenceRoutes(describe: () => OpenAPIV3_1.Document): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    let json: string | undefined;
    let page: string | undefined;
    const document = (): OpenAPIV3_1.Document => describe();

    app.get(
      '/openapi.json',
      {
        config: routeConfig('public'),
        schema: {
          tags: ['operating'],
          summary: 'This API as an OpenAPI 3.1 document',
          response: { 200: z.record(z.string(), z.unknown()) },
        },
        serializerCompiler: () => String,
      },
      async (_request, reply) => {
        json ??= JSON.stringify(document());
        // The text is the document already.
        return reply.type('application/json; charset=utf-8').send(json as never);
      },
    );

    app.get('/docs', { config: routeConfig('public'), schema: { hide: true } }, async (_request, reply) => {
      page ??= renderReference(document());
      return reply.type('text/html; charset=utf-8').send(page);
    });

    app.get(
      '/docs/reference.css',
      { config: routeConfig('public'), schema: { hide: true } },
      async (_request, reply) => reply.type('text/css; charset=utf-8').send(referenceStyle),
    );
    done();
  };
}
