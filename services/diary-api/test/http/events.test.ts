import { expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { readEvents } from '../support/event-reader.ts';
import { type TestDiary, testDiary } from '../support/test-diary.ts';

async function eventsAddress(diary: TestDiary, query = ''): Promise<URL> {
  return new URL(`/api/v1/events${query}`, await listen(diary.app, '127.0.0.1', 0));
}

test('what is started, recorded and ended arrives in order', async () => {
  const diary = await testDiary();
  await using reader = await readEvents(await eventsAddress(diary));
  await reader.next('stream:ready');
  const { id } = await diary.manager.start({ kind: 'agent' });
  expect(await reader.next('session:started')).toMatchObject({ data: { sessionId: id, revision: 1 } });
  await diary.manager.record(id, { type: 'message', text: 'hello' });
  expect(await reader.next('session:recorded')).toMatchObject({ data: { sessionId: id, sequence: 1 } });
  await diary.manager.end(id);
  expect(await reader.next('session:ended')).toMatchObject({ data: { sessionId: id, reason: 'completed' } });
});

test('Last-Event-ID goes on after the event that was seen last', async () => {
  const diary = await testDiary();
  const address = await eventsAddress(diary);
  const first = await diary.manager.start({ kind: 'agent' });
  let lastEventId = '';
  {
    await using reader = await readEvents(new URL('?after=start', address));
    lastEventId = (await reader.next('session:started')).id ?? '';
  }
  // Missed while nobody was connected.
  await diary.manager.end(first.id, { reason: 'shutdown' });
  const second = await diary.manager.start({ kind: 'agent' });
  await using resumed = await readEvents(address, { 'last-event-id': lastEventId });
  expect(await resumed.next('session:ended')).toMatchObject({
    data: { sessionId: first.id, reason: 'shutdown' },
  });
  expect(await resumed.next('session:started')).toMatchObject({ data: { sessionId: second.id } });
});

test('a cursor that the store does not know resets the stream and goes on', async () => {
  const diary = await testDiary();
  await diary.manager.start({ kind: 'agent' });
  await using reader = await readEvents(await eventsAddress(diary), { 'last-event-id': 'not-a-cursor' });
  await reader.next('stream:reset');
  const { id } = await diary.manager.start({ kind: 'agent' });
  expect(await reader.next('session:started')).toMatchObject({ data: { sessionId: id } });
});

test('a quiet stream is kept open by comments', async () => {
  const diary = await testDiary({ heartbeatMs: 20 });
  await using reader = await readEvents(await eventsAddress(diary));
  await reader.next('stream:ready');
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 300);
  await promise;
  const { id } = await diary.manager.start({ kind: 'agent' });
  expect(await reader.next('session:started')).toMatchObject({ data: { sessionId: id } });
  expect(reader.comments()).toBeGreaterThan(1);
});

test('a stream ends when the server does, and its place is free again when its reader leaves', async () => {
  const diary = await testDiary({ maxStreams: 1 });
  const address = await eventsAddress(diary);
  const first = await readEvents(address);
  await first.next('stream:ready');
  const refused = await fetch(address);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_STREAMS' });

  await first[Symbol.asyncDispose]();
  await expect
    .poll(
      async () => {
        const controller = new AbortController();
        const { status } = await fetch(address, { signal: controller.signal });
        controller.abort();
        return status;
      },
      { timeout: 10_000, interval: 20 },
    )
    .toBe(200);
});

test('closing the server ends its streams', async () => {
  const diary = await testDiary();
  const reader = await readEvents(await eventsAddress(diary));
  await reader.next('stream:ready');
  const ended = reader.end();
  await diary.app.close();
  await expect(ended).resolves.toBeUndefined();
});
