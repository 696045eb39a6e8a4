import { Readable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/http/problem/problem-document.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';
import { cases } from './routes/cases.ts';

interface Bounded {
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Bounded;
  readonly anyOf?: readonly Bounded[];
  readonly properties?: Readonly<Record<string, Bounded>>;
}

/** A value at a bound of the schema, and one beyond it; undefined where there is no bound. */
function atAndBeyond(schema: Bounded): { readonly at: unknown; readonly beyond: unknown } | undefined {
  const inner = schema.anyOf?.find((each) => atAndBeyond(each) !== undefined);
  if (inner !== undefined) return atAndBeyond(inner);
  if (schema.maxLength !== undefined)
    return { at: 'x'.repeat(schema.maxLength), beyond: 'x'.repeat(schema.maxLength + 1) };
  if (schema.maximum !== undefined)
    return {
      at: schema.maximum,
      beyond: schema.maximum === Number.MAX_SAFE_INTEGER ? 2 ** 60 : schema.maximum + 1,
    };
  if (schema.maxItems !== undefined && schema.items?.maxLength !== undefined) {
    return {
      at: Array.from({ length: schema.maxItems }, () => 'x'),
      beyond: Array.from({ length: schema.maxItems + 1 }, () => 'x'),
    };
  }
  return undefined;
}

function boundsOf(schema: unknown): [string, { readonly at: unknown; readonly beyond: unknown }][] {
  if (!(schema instanceof z.ZodType)) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Bounded;
  // A body that may be left out is one of two.
  const properties =
    [json, ...(json.anyOf ?? [])].find((each) => each.properties !== undefined)?.properties ?? {};
  return Object.entries(properties).flatMap(([name, property]) => {
    const bounds = atAndBeyond(property);
    return bounds === undefined ? [] : [[name, bounds] as [string, typeof bounds]];
  });
}

function withQuery(request: InjectOptions, name: string, value: unknown): InjectOptions {
  const url = new URL(request.url as string, 'http://localhost');
  url.searchParams.set(name, String(value));
  return { ...request, url: `${url.pathname}${url.search}` };
}

function withField(request: InjectOptions, name: string, value: unknown): InjectOptions {
  return { ...request, payload: { ...(request.payload as object | undefined), [name]: value } };
}

async function refusedPaths(diary: TestDiary, request: InjectOptions): Promise<readonly string[]> {
  const response = await diary.app.inject(request);
  if (response.statusCode !== 400 || response.json<Problem>().code !== 'INVALID_REQUEST') return [];
  return (response.json<Problem>().errors ?? []).map(({ path }) => path);
}

describe.for(Object.entries(cases))('%s', ([name, { success }]) => {
  test('takes what is at each of its limits, and refuses what is beyond by the name of the field', async () => {
    const diary = await testDiary({
      ...success.options,
      limits: { startRate: { perSecond: 1_000, burst: 1_000 } },
    });
    const schema = diary.routes.find(({ method, url }) => `${method} ${url}` === name)?.schema;
    const fields = [
      ...boundsOf(schema?.querystring).map((bound) => ['querystring', withQuery, ...bound] as const),
      ...boundsOf(schema?.body).map((bound) => ['body', withField, ...bound] as const),
    ];
    for (const [context, put, field, { at, beyond }] of fields) {
      const path = `${context}.${field}`;
      expect(
        await refusedPaths(diary, put(await success.request(diary), field, at)),
        `${path} at its limit`,
      ).not.toContain(path);
      expect(
        await refusedPaths(diary, put(await success.request(diary), field, beyond)),
        `${path} beyond`,
      ).toContain(path);
    }
  });
});

test('a batch takes 1,000 entries and not one more, and 16 MiB and not a byte more', async () => {
  const diary = await testDiary();
  const { id } = await diary.manager.start({ kind: 'agent' });
  const batch = (count: number, text: string): InjectOptions => ({
    method: 'POST',
    url: `/api/v1/sessions/${id}/entries/batch`,
    payload: { entries: Array.from({ length: count }, () => ({ type: 'message', text })) },
  });
  expect((await diary.app.inject(batch(1_000, 'x'))).statusCode).toBe(201);
  expect(expectProblem(await diary.app.inject(batch(1_001, 'x')), 'INVALID_REQUEST').errors?.[0]?.path).toBe(
    'body.entries',
  );
  expect((await diary.app.inject(batch(60, 'x'.repeat(256 * 1024)))).statusCode).toBe(201);
  expect(
    expectProblem(await diary.app.inject(batch(65, 'x'.repeat(256 * 1024))), 'BODY_TOO_LARGE').status,
  ).toBe(413);
});

test('an import is cut off at its limit, also when it does not say how long it is', async () => {
  const diary = await testDiary({ maxImportBytes: 10_000 });
  const line = JSON.stringify({
    type: 'session',
    session: { id: 'a', kind: 'agent', startedAt: 1, endedAt: 2, metadata: { text: 'x'.repeat(900) } },
  });
  async function* chunks(count: number): AsyncGenerator<Buffer> {
    for (let index = 0; index < count; index += 1) yield Buffer.from(`${line}\n`);
  }
  const send = (count: number) =>
    diary.app.inject({
      method: 'POST',
      url: '/api/v1/import',
      headers: { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' },
      payload: Readable.from(chunks(count)),
    });
  expect((await send(5)).statusCode).toBe(200);
  expect(expectProblem(await send(50), 'BODY_TOO_LARGE').status).toBe(413);
});
