import { Validator } from '@seriousme/openapi-schema-validator';
import type { OpenAPIV3_1 } from 'openapi-types';
import { expect, test } from 'vitest';
import { problemKinds } from '../../src/http/problem/problem-codes.ts';
import { testDiary } from '../support/test-diary.ts';

test('the document is valid OpenAPI 3.1 by a validator of somebody else', async () => {
  const { app } = await testDiary({ version: '1.2.3' });
  const document = (await app.inject('/openapi.json')).json<OpenAPIV3_1.Document>();
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document) as Record<string, unknown>)).toEqual({
    valid: true,
  });
  expect(validator.version).toBe('3.1');
  expect(document.info.version).toBe('1.2.3');
});

test('the document has every route of the server, its scope and every problem that it can answer with', async () => {
  const { app, routes } = await testDiary();
  const document = (await app.inject('/openapi.json')).json<OpenAPIV3_1.Document>();
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item ?? {}).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  );
  const pages = new Set(['GET /docs', 'GET /docs/reference.css', 'GET /login', 'GET /login/login.js']);
  const expected = routes.map(({ method, url }) => `${method} ${url}`).filter((name) => !pages.has(name));
  expect(operations.toSorted()).toEqual(expected.toSorted());

  for (const { method, url, problems, scope } of routes) {
    if (pages.has(`${method} ${url}`)) continue;
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths?.[path]?.[method.toLowerCase() as 'get'];
    for (const code of problems) {
      const { status } = problemKinds[code];
      expect(operation?.responses?.[status], `${method} ${url} ${code}`).toMatchObject({
        description: expect.stringContaining(code),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
    expect(operation?.security).toEqual(scope === 'public' ? [] : [{ token: [] }]);
    expect(operation?.description).toMatch(
      scope === 'public' ? /no token/ : new RegExp(`scope \`${scope}\``),
    );
  }
});

test('the page shows every route, works without a script, and escapes what it shows', async () => {
  const { app, routes } = await testDiary({ version: '<script>alert(1)</script>' });
  const page = await app.inject('/docs');
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.body).not.toContain('<script');
  expect(page.body).not.toMatch(/ (?:style|on\w+)=/);
  expect(page.body).not.toMatch(/(?:src|href)="(?!\/|#)/);
  for (const { method, url } of routes) {
    if (url.startsWith('/docs') || url.startsWith('/login')) continue;
    expect(page.body).toContain(`<b>${method}</b> ${url.replaceAll(/:(\w+)/g, '{$1}')}</code>`);
  }
});
