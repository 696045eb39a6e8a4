import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { testDiary } from '../support/test-diary.ts';

test('healthy and ready, and no longer ready once it ends', async () => {
  const diary = await testDiary();
  expect((await diary.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await diary.app.inject('/readyz')).json()).toEqual({ status: 'ok' });
  diary.endStreams();
  const response = await diary.app.inject('/readyz');
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({ code: 'NOT_READY' });
  expect((await diary.app.inject('/healthz')).statusCode).toBe(200);
});

test('a request in flight is answered before the server is closed, and its connection goes with it', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const diary = await testDiary({}, (app) => {
    app.get('/slow', async () => {
      arrive();
      await released;
      return { answered: true };
    });
  });
  const address = await listen(diary.app, '127.0.0.1', 0);
  const response = fetch(new URL('/slow', address));
  await arrived;
  const closed = diary.app.close();
  release();
  expect(await (await response).json()).toEqual({ answered: true });
  await closed;
  await expect(fetch(address)).rejects.toThrow('fetch failed');
});

test.for([
  ['has sent nothing, as browsers open beforehand', ''],
  ['has sent half a request', 'POST /api/v1/sessions HTTP/1.1\r\nhost: localh'],
] as const)('a connection that %s does not hold up the end', async ([, sent]) => {
  const diary = await testDiary();
  const { hostname, port } = new URL(await listen(diary.app, '127.0.0.1', 0));
  const arrived = once(diary.app.server, 'connection');
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const ended = once(socket, 'close');
  socket.write(sent);
  await arrived;
  await diary.app.close();
  await ended;
  expect(diary.app.server.listening).toBe(false);
});
