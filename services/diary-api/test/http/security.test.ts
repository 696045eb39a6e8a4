import { expect, test } from 'vitest';
import { loadDashboardAssets } from '../../src/dashboard/load-dashboard-assets.ts';
import { testDiary } from '../support/test-diary.ts';

test.for([
  ['127.0.0.1:4747', 200],
  ['localhost', 200],
  ['[::1]:4747', 200],
  ['127.8.8.8:1', 200],
  ['evil.example', 421],
  ['evil.example:4747', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['evil.example#@127.0.0.1', 421],
  ['user@127.0.0.1', 421],
  [':80', 421],
] as const)('a Host of %s is answered with %i', async ([host, status]) => {
  const { app } = await testDiary();
  for (const url of ['/healthz', '/api/v1/sessions', '/nothing']) {
    const response = await app.inject({ url, headers: { host } });
    const answered = url === '/nothing' ? 404 : 200;
    expect(response.statusCode).toBe(status === 200 ? answered : 421);
    expect(response.body.includes('HOST_NOT_ALLOWED')).toBe(status === 421);
  }
});

test('a Host that was allowed lets no other one in after it', async () => {
  const { app } = await testDiary();
  const statuses: number[] = [];
  for (const host of ['localhost', 'evil.example', 'localhost', '127.0.0.1:1', 'evil.example'])
    statuses.push((await app.inject({ url: '/healthz', headers: { host } })).statusCode);
  expect(statuses).toEqual([200, 421, 200, 200, 421]);
});

test.for([
  ['http://127.0.0.1:4747', 201],
  ['http://evil.example', 403],
  ['http://127.0.0.1:9999', 403],
  ['null', 403],
] as const)('a POST with the Origin %s is answered with %i', async ([origin, status]) => {
  const diary = await testDiary();
  const response = await diary.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: {},
    headers: { host: '127.0.0.1:4747', origin },
  });
  expect(response.statusCode).toBe(status);
  expect((await diary.manager.counts()).active).toBe(status === 201 ? 1 : 0);
});

test('a page of another site may link here, and embed or fetch nothing', async () => {
  const { app } = await testDiary();
  const get = (mode: string) =>
    app.inject({ url: '/healthz', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode } });
  expect((await get('navigate')).statusCode).toBe(200);
  expect((await get('no-cors')).json()).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' });
});

test('every answer forbids scripts from elsewhere, frames and guessing of types', async () => {
  const { app } = await testDiary({ dashboard: await loadDashboardAssets() });
  for (const url of ['/', '/assets/main.js', '/api/v1/sessions', '/nothing', '/healthz']) {
    const { headers } = await app.inject(url);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});
