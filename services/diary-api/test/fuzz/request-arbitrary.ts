import * as fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import type { z } from 'zod';
import type { RouteRecord } from '../../src/http/route/route-list.ts';
import { schemaArbitrary } from './schema-arbitrary.ts';

/** What only the state of the server makes valid, and so no schema can know. */
export interface Knowledge {
  readonly params?: fc.Arbitrary<Readonly<Record<string, string>>>;
  /** Brings what the schema allows into what makes sense together. */
  readonly query?: (query: Record<string, unknown>) => Record<string, unknown>;
  readonly body?: (body: Record<string, unknown>) => unknown;
  /** Whole requests, where a part of one has to repeat another part. */
  readonly finish?: (request: FuzzRequest) => FuzzRequest;
}

export interface FuzzRequest extends InjectOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Record<string, string>;
}

type Schemas = Readonly<Record<'params' | 'querystring' | 'headers' | 'body', z.ZodType | undefined>>;

/** Requests that the route's schemas allow, some with one thing spoilt, and raw garbage. */
export function requestArbitrary(route: RouteRecord, knowledge: Knowledge = {}): fc.Arbitrary<FuzzRequest> {
  const valid = validRequest(route, knowledge).map(knowledge.finish ?? ((request) => request));
  return fc.oneof(
    { weight: 13, arbitrary: valid },
    { weight: 4, arbitrary: fc.tuple(valid, spoilers).map(([request, spoil]) => spoil(request)) },
    { weight: 3, arbitrary: garbage(route) },
  );
}

function validRequest(route: RouteRecord, knowledge: Knowledge): fc.Arbitrary<FuzzRequest> {
  const schemas = (route.schema ?? {}) as Schemas;
  const part = (schema: z.ZodType | undefined): fc.Arbitrary<unknown> =>
    schema === undefined ? fc.constant(undefined) : schemaArbitrary(schema);
  const params =
    knowledge.params ?? (part(schemas.params) as fc.Arbitrary<Record<string, string> | undefined>);
  return fc
    .record({
      params,
      query: part(schemas.querystring),
      headers: part(schemas.headers),
      body: part(schemas.body),
    })
    .map(({ params: path, query, headers, body }) => {
      const fit = (knowledge.query ?? ((each) => each))((query ?? {}) as Record<string, unknown>);
      const isBodySent = schemas.body !== undefined && body !== null && body !== undefined;
      return {
        method: route.method as FuzzRequest['method'],
        url: addressOf(route.url, path ?? {}, fit),
        headers: headersOf(headers),
        ...(isBodySent
          ? { payload: JSON.stringify((knowledge.body ?? ((each) => each))(body as Record<string, unknown>)) }
          : {}),
      };
    })
    .map((request) =>
      'payload' in request
        ? { ...request, headers: { ...request.headers, 'content-type': 'application/json' } }
        : request,
    );
}

function addressOf(
  pattern: string,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>>,
): string {
  const path = pattern.replaceAll(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** Headers are Latin letters: what HTTP cannot carry is not sent. The revision is mostly the one that there is. */
function headersOf(headers: unknown): Record<string, string> {
  const known = ['idempotency-key', 'if-match', 'last-event-id'];
  const given = Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    given.flatMap(([name, value]): [string, string][] =>
      known.includes(name) && typeof value === 'string'
        ? [
            [
              name,
              name === 'if-match' && value.length % 4 > 0
                ? '"1"'
                : value.replaceAll(/[^\x21-\x7e]/g, 'x') || 'x',
            ],
          ]
        : [],
    ),
  );
}

const spoilers: fc.Arbitrary<(request: FuzzRequest) => FuzzRequest> = fc.oneof(
  fc.string().map((text) => (request: FuzzRequest) => ({
    ...request,
    url: `${request.url}${request.url.includes('?') ? '&' : '?'}${encodeURIComponent(text.toWellFormed())}=1`,
  })),
  fc.jsonValue().map((value) => (request: FuzzRequest) => withBody(request, JSON.stringify(value))),
  fc.tuple(fc.string(), fc.jsonValue()).map(([name, value]) => (request: FuzzRequest) => {
    if (request.headers['content-type'] === 'application/x-ndjson') {
      return { ...request, payload: `${request.payload as string}${JSON.stringify(value)}\n` };
    }
    const body = JSON.parse(typeof request.payload === 'string' ? request.payload : '{}') as object;
    return withBody(request, JSON.stringify({ ...body, [name]: value }));
  }),
  fc.constantFrom('\0', '\ud800', '%00', '../..', "';--", '\u202e').map((text) => (request: FuzzRequest) => {
    const body = typeof request.payload === 'string' ? request.payload : '{}';
    return withBody(request, body.replace(/"[^"]*"(?!:)/, JSON.stringify(text)));
  }),
);

function withBody(request: FuzzRequest, payload: string): FuzzRequest {
  if (request.method === 'GET') return request;
  return { ...request, payload, headers: { ...request.headers, 'content-type': 'application/json' } };
}

function garbage(route: RouteRecord): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      path: fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom('%', '%zz', '%c0%af', '..%2f..', '')),
      query: fc.string({ unit: 'binary', maxLength: 200 }),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ maxLength: 500 }).map((text) => Buffer.from(text)),
        fc
          .constantFrom('{', '[', 'null', '1e999', '{"a":1,}', '[]', '"', '{"__proto__":{}}', '[[[[')
          .map((text) => Buffer.from(text)),
      ),
      type: fc.constantFrom(
        'application/json',
        'text/plain',
        'application/x-ndjson',
        'multipart/form-data',
        'a/b; charset=\u00e9',
        '',
      ),
      headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,10}$/), fc.stringMatching(/^[ -~]{0,100}$/), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
      special: fc.dictionary(
        fc.constantFrom(
          'authorization',
          'cookie',
          'if-match',
          'idempotency-key',
          'last-event-id',
          'accept',
          'content-length',
        ),
        fc.stringMatching(/^[ -~]{1,100}$/),
        { maxKeys: 3, noNullPrototype: true },
      ),
    })
    .map(({ path, query, payload, type, headers, special }) => ({
      method: route.method as FuzzRequest['method'],
      url: `${route.url.replaceAll(/:\w+/g, () => encodeUnlessEscaped(path))}?${encodeUnlessEscaped(query.toWellFormed())}`,
      headers: { ...headers, ...special, ...(type === '' ? {} : { 'content-type': type }) },
      ...(route.method === 'GET' ? {} : { payload }),
    }));
}

function encodeUnlessEscaped(text: string): string {
  return /^[%.\w]*$/.test(text) ? text : encodeURIComponent(text);
}
