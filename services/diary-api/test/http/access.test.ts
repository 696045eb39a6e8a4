import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadDashboardAssets } from '../../src/dashboard/load-dashboard-assets.ts';
import { createTokenStore } from '../../src/tokens/token-store.ts';
import { testDiary } from '../support/test-diary.ts';

const fixedToken = 'a-fixed-token-of-16';

test('a fixed token has every scope, and any other is refused', async () => {
  const { app } = await testDiary({ fixedToken });
  const ask = (authorization: string) => app.inject({ url: '/api/v1/processes', headers: { authorization } });
  expect((await ask(`Bearer ${fixedToken}`)).statusCode).toBe(200);
  expect((await ask(`bearer ${fixedToken}`)).statusCode).toBe(200);
  for (const wrong of [
    `Bearer ${fixedToken}x`,
    'Bearer',
    'Bearer  ',
    `Basic ${fixedToken}`,
    fixedToken,
    'Bearer édw_é',
  ]) {
    const response = await ask(wrong);
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="diary"');
  }
});

test('a browser may keep the token in a cookie', async () => {
  const { app } = await testDiary({ fixedToken });
  const ask = (cookie: string) => app.inject({ url: '/api/v1/stats', headers: { cookie } });
  expect((await ask(`theme=dark; diary_token=${fixedToken}`)).statusCode).toBe(200);
  expect((await ask(`diary_token=${fixedToken}x`)).statusCode).toBe(401);
  expect((await ask('diary_token=')).statusCode).toBe(401);
});

test('a browser without a token is led to the page that asks for one, and from there to the dashboard', async () => {
  const { app } = await testDiary({ fixedToken, dashboard: await loadDashboardAssets() });
  const led = await app.inject('/');
  expect(led.statusCode).toBe(303);
  expect(led.headers['location']).toBe('/login');
  const page = await app.inject('/login');
  expect(page.body).not.toMatch(/<script(?! type="module" src=)| (?:style|on\w+)=/);

  const login = await app.inject({
    method: 'POST',
    url: '/api/v1/login',
    headers: { host: 'localhost', origin: 'https://localhost' },
    payload: { token: fixedToken },
  });
  const cookie = String(login.headers['set-cookie']);
  expect(cookie).toMatch(/^diary_token=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
  const [pair = ''] = cookie.split(';');
  expect((await app.inject({ url: '/', headers: { cookie: pair } })).statusCode).toBe(200);
  expect((await app.inject({ url: '/api/v1/stats', headers: { cookie: pair } })).statusCode).toBe(200);
  const logout = await app.inject({ method: 'POST', url: '/api/v1/logout' });
  expect(logout.headers['set-cookie']).toContain('diary_token=; Path=/; Max-Age=0');
});

test('a token that is revoked is refused at the next request', async () => {
  const diary = await testDiary({ requireToken: true });
  const tokens = createTokenStore(diary.database);
  const { secret, token } = await tokens.create({ name: 'a', scopes: ['read'] });
  const ask = () =>
    diary.app.inject({ url: '/api/v1/stats', headers: { authorization: `Bearer ${secret}` } });
  expect((await ask()).statusCode).toBe(200);
  await tokens.revoke(token.id);
  expect((await ask()).statusCode).toBe(401);
});

test('an address that others can reach needs tokens, and answers to plain addresses and its own names', async () => {
  const { app } = await testDiary({ address: '0.0.0.0', allowedHosts: ['diary.example'] });
  const ask = async (host: string) =>
    (await app.inject({ url: '/api/v1/stats', headers: { host } })).statusCode;
  expect(await ask('192.0.2.7:4747')).toBe(401);
  expect(await ask('[2001:db8::1]:4747')).toBe(401);
  expect(await ask('diary.example')).toBe(401);
  expect(await ask('evil.example')).toBe(421);
});

test('what is beyond the rate is refused until the second is over, with the time to wait', async () => {
  const { app } = await testDiary({ maxRequestsPerSecond: 3 });
  const answers = await Promise.all(Array.from({ length: 5 }, () => app.inject('/api/v1/stats')));
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  expect(refused).toHaveLength(2);
  expect(refused[0]?.headers['retry-after']).toBe('1');
  await expect
    .poll(async () => (await app.inject('/api/v1/stats')).statusCode, { timeout: 20_000, interval: 100 })
    .toBe(200);
});

test('the log names the request and the session, and holds no token, no query and no text', async () => {
  let log = '';
  const logger = pino(
    { level: 'trace' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        log += chunk.toString();
        done();
      },
    }),
  );
  const diary = await testDiary({ logger, fixedToken });
  const authorization = `Bearer ${fixedToken}`;
  const { id } = await diary.manager.start({ kind: 'agent' });
  const recorded = await diary.app.inject({
    method: 'POST',
    url: `/api/v1/sessions/${id}/entries`,
    headers: { authorization, cookie: `diary_token=${fixedToken}` },
    payload: { type: 'message', text: 'whispered-text' },
  });
  await diary.app.inject({ url: '/api/v1/search?text=searched-word', headers: { authorization } });
  await diary.app.inject({
    url: '/api/v1/search?text=searched-word',
    headers: { authorization: 'Bearer guessed-token' },
  });
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { reqId?: string; sessionId?: string; msg: string });
  const completed = lines.find(
    ({ msg, reqId }) => msg === 'request completed' && reqId === recorded.headers['x-request-id'],
  );
  expect(completed).toMatchObject({ sessionId: id });
  for (const secret of [fixedToken, 'guessed-token', 'searched-word', 'whispered-text', hashOf(fixedToken)]) {
    expect(log).not.toContain(secret);
  }
});

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
