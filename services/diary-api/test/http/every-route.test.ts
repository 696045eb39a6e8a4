import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../src/http/problem/problem-codes.ts';
import type { Problem } from '../../src/http/problem/problem-document.ts';
import { createTokenStore } from '../../src/tokens/token-store.ts';
import { TOKEN_SCOPES } from '../../src/tokens/token-scope.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';
import { cases } from './routes/cases.ts';
import type { Provocation } from './routes/route-case.ts';

/** What every route answers, whatever it does, to a request that would succeed but for one thing. */
const common: Partial<
  Readonly<
    Record<
      ProblemCode,
      { readonly options?: Provocation['options']; readonly spoil: (request: InjectOptions) => InjectOptions }
    >
  >
> = {
  HOST_NOT_ALLOWED: { spoil: (request) => withHeaders(request, { host: 'evil.example' }) },
  ORIGIN_NOT_ALLOWED: { spoil: (request) => withHeaders(request, { origin: 'http://evil.example' }) },
  RATE_LIMITED: { options: { maxRequestsPerSecond: 0 }, spoil: (request) => request },
  UNAUTHENTICATED: { options: { requireToken: true }, spoil: (request) => request },
  MALFORMED_URL: { spoil: (request) => ({ ...request, url: urlOf(request).replace(/ses_[\w-]+/, '%zz') }) },
  MALFORMED_BODY: {
    spoil: (request) => ({
      ...withHeaders(request, { 'content-type': 'application/json' }),
      payload: '{"a":',
    }),
  },
  BODY_TOO_LARGE: {
    spoil: (request) => {
      const type = request.headers?.['content-type'] ?? 'application/json';
      return {
        ...withHeaders(request, { 'content-type': type, 'content-length': '99999999999' }),
        payload: '{}',
      };
    },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    spoil: (request) => ({ ...withHeaders(request, { 'content-type': 'text/plain' }), payload: 'a=1' }),
  },
};

function urlOf({ url }: InjectOptions): string {
  if (typeof url !== 'string') throw new TypeError('the cases give their address as text');
  return url;
}

function withHeaders(request: InjectOptions, headers: Readonly<Record<string, string>>): InjectOptions {
  return { ...request, headers: { ...request.headers, ...headers } };
}

async function provoke(
  provocation: Provocation,
  more: Provocation['options'] = {},
): Promise<LightMyRequestResponse> {
  const diary = await testDiary({ ...provocation.options, ...more });
  return await diary.app.inject(await provocation.request(diary));
}

/** In the address, the query, the headers or the body: wherever the route takes input, it takes no nonsense. */
function nonsense(diary: TestDiary, name: string, request: InjectOptions): InjectOptions[] {
  const schema = diary.routes.find(({ method, url }) => `${method} ${url}` === name)?.schema;
  const url = urlOf(request);
  return [
    ...(schema?.params === undefined ? [] : [{ ...request, url: url.replace(/ses_[\w-]+/, 'x'.repeat(65)) }]),
    ...(schema?.querystring === undefined
      ? []
      : [{ ...request, url: `${url}${url.includes('?') ? '&' : '?'}nonsense=1` }]),
    ...(schema?.headers === undefined || name.startsWith('GET')
      ? []
      : [withHeaders(request, { 'idempotency-key': 'x'.repeat(201) })]),
    ...(schema?.body === undefined ? [] : [{ ...request, payload: { nonsense: 1 } }]),
  ];
}

test('there is a case for every route, with every problem that it says it has, and none besides', async () => {
  const { routes } = await testDiary();
  const declared = routes.map(({ method, url, problems }) => [
    `${method} ${url}`,
    [...problems].filter((code) => !isElsewhere(code)).toSorted(),
  ]);
  const shown = routes.map((route) => {
    const name = `${route.method} ${route.url}`;
    const own = Object.keys(cases[name]?.problems ?? {});
    const applicable = [...Object.keys(common), 'SCOPE_MISSING', 'INVALID_REQUEST'].filter(
      (code) => route.problems.includes(code as ProblemCode) && !own.includes(code),
    );
    return [name, [...applicable, ...own].toSorted()];
  });
  expect(shown).toEqual(declared);
  expect(Object.keys(cases).toSorted()).toEqual(
    routes.map(({ method, url }) => `${method} ${url}`).toSorted(),
  );
});

/** Not to be had on Linux. */
function isElsewhere(code: ProblemCode): boolean {
  return code === 'PROCESSES_UNSUPPORTED' && process.platform === 'linux';
}

describe.for(Object.entries(cases))('%s', ([name, { success, problems }]) => {
  test('succeeds', async () => {
    const response = await provoke(success);
    expect(response.statusCode, response.body).toBe(success.status);
    success.check?.(response.body);
  });

  test.for(Object.entries(problems))('%s', async ([code, provocation]) => {
    const problem = expectProblem(await provoke(provocation), code as ProblemCode);
    expect(problem.status).toBeLessThan(600);
  });

  test('what every route refuses', async () => {
    const { routes } = await testDiary();
    const route = routes.find(({ method, url }) => `${method} ${url}` === name);
    for (const [code, { options, spoil }] of Object.entries(common)) {
      if (!route?.problems.includes(code as ProblemCode) || code in problems) continue;
      const response = await provoke(
        { ...success, request: async (diary) => spoil(await success.request(diary)) },
        options,
      );
      expect(expectProblem(response, code as ProblemCode).code).toBe(code);
    }
  });

  test('takes no nonsense', async () => {
    const diary = await testDiary(success.options);
    for (const request of nonsense(diary, name, await success.request(diary))) {
      expect(expectProblem(await diary.app.inject(request), 'INVALID_REQUEST').errors).not.toEqual([]);
    }
  });

  test('needs a token with its scope, or admin, where tokens are needed', async () => {
    const diary = await testDiary({ ...success.options, requireToken: true });
    const scope = diary.routes.find(({ method, url }) => `${method} ${url}` === name)?.scope;
    const tokens = createTokenStore(diary.database);
    for (const given of TOKEN_SCOPES) {
      const { secret } = await tokens.create({ name: given, scopes: [given] });
      const request = await success.request(diary);
      const response = await diary.app.inject(withHeaders(request, { authorization: `Bearer ${secret}` }));
      const isLetIn = scope === 'public' || given === scope || given === 'admin';
      const code = response.statusCode < 400 ? undefined : response.json<Problem>().code;
      expect(code === 'SCOPE_MISSING', `${given}: ${response.body}`).toBe(!isLetIn);
      expect(code).not.toBe('UNAUTHENTICATED');
    }
  });
});
