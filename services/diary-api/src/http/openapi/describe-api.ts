import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';

import { PROBLEM_MEDIA_TYPE, problemSchema } from '../problem/problem-document.ts';
import { problemKinds } from '../problem/problem-codes.ts';
import type { RouteRecord } from '../route/route-list.ts';

const tags = [
  { name: 'sessions', description: 'Each has exactly one end, with a reason.' },
  { name: 'entries', description: 'The journal of a session.' },
  { name: 'actions', description: 'Entries that say what was done.' },
  { name: 'messages', description: 'Entries that say what was said.' },
  { name: 'search', description: 'Over everything that was recorded.' },
  { name: 'resuming', description: 'What somebody needs to know who goes on.' },
  { name: 'statistics', description: 'Figures, also over time, tokens and their cost.' },
  { name: 'events', description: 'What happens, as it happens.' },
  { name: 'moving', description: 'Export, import and forgetting.' },
  { name: 'processes', description: 'Guarded processes, and what was left behind.' },
  { name: 'operating', description: 'Health, figures and these pages.' },
];

/** Collects the routes that are added from now on for the OpenAPI document. */
export function describeApi(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Endwell diary',
        version,
        description:
          'Every session of your coding agents: what it did, and how it ended. JSON in and out; times are ISO 8601; every failure is a problem document with a stable code.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Needed where the server asks for one.' },
        },
        schemas: {},
      },
    },
    transform: jsonSchemaTransform,
  });
}

/** The document, with what each route needs and the problems that it can answer with. */
export function apiDocument(app: FastifyInstance, routes: readonly RouteRecord[]): OpenAPIV3_1.Document {
  const document = structuredClone(app.swagger()) as OpenAPIV3_1.Document;
  document.components = {
    ...document.components,
    schemas: {
      Problem: z.toJSONSchema(problemSchema, { target: 'draft-2020-12' }) as OpenAPIV3_1.SchemaObject,
    },
  };
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    const operation: OpenAPIV3_1.OperationObject | undefined =
      document.paths?.[path]?.[route.method.toLowerCase() as 'get'];
    if (operation === undefined) continue;
    operation.operationId = operationIdOf(route);
    operation.security = route.scope === 'public' ? [] : [{ token: [] }];
    const needed =
      route.scope === 'public'
        ? 'Needs no token.'
        : `Needs a token with the scope \`${route.scope}\`, where tokens are needed.`;
    operation.description = [operation.description, needed].filter(Boolean).join(' ');
    operation.responses = { ...operation.responses, ...problemResponses(route) };
  }
  return document;
}

function problemResponses({ problems }: RouteRecord): OpenAPIV3_1.ResponsesObject {
  const content = { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  const byStatus = Map.groupBy(problems, (code) => String(problemKinds[code].status));
  return {
    ...Object.fromEntries(
      [...byStatus].map(([status, codes]) => [
        status,
        { description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}`).join('; '), content },
      ]),
    ),
    default: { description: 'The store or the server cannot do its work.', content },
  };
}

/** As in `postSessionsByIdEnd`. */
function operationIdOf({ method, url }: RouteRecord): string {
  const words = url
    .replace(/^\/api\/v1/, '')
    .split(/[/.]/)
    .filter(Boolean)
    .flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split('-')));
  return [
    method.toLowerCase(),
    ...words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`),
  ].join('');
}
