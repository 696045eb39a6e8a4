import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { isProcGuardError } from '../errors/proc-guard-error.ts';
import { createShutdown } from './create-shutdown.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('phases run in order, and the closers of one in reverse order of registration', async () => {
  const order: string[] = [];
  const step = (name: string) => (): void => void order.push(name);
  const shutdown = createShutdown({
    closers: [
      { name: 'database', close: step('database') },
      { name: 'server', close: step('server'), phase: 'stop-intake' },
    ],
  });
  shutdown.register('queue', { close: step('queue'), phase: 'drain' });
  shutdown.register('readiness', { close: step('readiness'), phase: 'not-ready' });
  shutdown.register('cache', step('cache'));
  const result = await shutdown.trigger();
  expect(order).toEqual(['readiness', 'server', 'queue', 'cache', 'database']);
  expect(result).toMatchObject({ cause: { kind: 'requested' }, ending: 'clean', exitCode: 0 });
  expect(result.closers.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'readiness closed',
    'server closed',
    'queue closed',
    'cache closed',
    'database closed',
  ]);
});

test('readiness goes first, then the delay passes, then intake stops', async () => {
  const order: string[] = [];
  const shutdown = createShutdown({ delayMs: 5_000 });
  shutdown.register('ready', { phase: 'not-ready', close: () => order.push('not ready') });
  shutdown.register('server', { phase: 'stop-intake', close: () => order.push('intake stopped') });
  const result = shutdown.trigger();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(order).toEqual(['not ready']);
  expect(shutdown.state).toBe('not-ready');
  expect(shutdown.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(2);
  expect(order).toEqual(['not ready', 'intake stopped']);
  expect((await result).ending).toBe('clean');
  expect(shutdown.state).toBe('done');
});

test('a failure is reported and the others still close', async () => {
  const logged: string[] = [];
  const broken = new Error('broken');
  const shutdown = createShutdown({
    logger: { info: () => undefined, error: (message) => logged.push(message) },
  });
  const closed = vi.fn<() => void>();
  shutdown.register('last', closed);
  shutdown.register('first', () => Promise.reject(broken));
  const result = await shutdown.trigger();
  expect(closed).toHaveBeenCalledOnce();
  expect(result).toMatchObject({ ending: 'failed', exitCode: 1 });
  expect(result.closers[0]).toMatchObject({ name: 'first', outcome: 'failed', error: broken });
  expect(logged).toEqual(['shutdown: first failed: broken']);
});

test('draining that never ends is aborted, and there is time left to close', async () => {
  let drainSignal: AbortSignal | undefined;
  const closed = vi.fn<() => void>();
  const shutdown = createShutdown({ deadlineMs: 1_000 });
  shutdown.register('database', closed);
  shutdown.register('requests', {
    phase: 'drain',
    close: ({ signal }) => {
      drainSignal = signal;
      return new Promise(() => undefined);
    },
  });
  const result = shutdown.trigger();
  await vi.advanceTimersByTimeAsync(499);
  expect(drainSignal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(2);
  expect(drainSignal?.aborted).toBe(true);
  expect(closed).toHaveBeenCalledOnce();
  expect(await result).toMatchObject({ ending: 'failed', exitCode: 1 });
});

test('after the deadline what has not closed is left behind, with its name', async () => {
  const shutdown = createShutdown({ deadlineMs: 100 });
  shutdown.register('never started', () => undefined);
  shutdown.register('hangs', () => new Promise(() => undefined));
  const result = shutdown.trigger();
  await vi.advanceTimersByTimeAsync(101);
  expect((await result).closers.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['hangs', 'timed-out'],
    ['never started', 'not-started'],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('every trigger gets the same result; the exit code is given once', async () => {
  const exit = vi.fn<(code: number) => void>();
  const shutdown = createShutdown({ exit });
  shutdown.signal.addEventListener('abort', () => void shutdown.trigger());
  const first = shutdown.trigger({ kind: 'parent-exit' });
  const second = shutdown.trigger({ kind: 'error', error: new Error('late') });
  expect(second).toBe(first);
  expect((await first).cause.kind).toBe('parent-exit');
  expect(exit.mock.calls).toEqual([[0]]);
});

test('an error as the cause gives 1', async () => {
  const result = await createShutdown().trigger({ kind: 'error', error: new Error('fatal') });
  expect(result).toMatchObject({ ending: 'clean', exitCode: 1 });
});

test('nothing can be registered once it has begun, and a removed closer does not run', async () => {
  const shutdown = createShutdown();
  const removed = vi.fn<() => void>();
  shutdown.register('removed', removed)();
  void shutdown.trigger();
  expect(() => shutdown.register('late', () => undefined)).toThrow(
    expect.toSatisfy((error) => isProcGuardError(error) && error.code === 'CLOSED'),
  );
  await shutdown.trigger();
  expect(removed).not.toHaveBeenCalled();
});

describe('signals', () => {
  const listeners = (): number => process.listenerCount('SIGTERM');

  test('the first begins a clean end with 0, the same one again forces it', async () => {
    const before = listeners();
    const exit = vi.fn<(code: number) => void>();
    const shutdown = createShutdown({ exit, signals: ['SIGTERM', 'SIGINT'] });
    using listening = shutdown.listen();
    shutdown.register('hangs', () => new Promise(() => undefined));
    process.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(10);
    // The terminal and npm have both passed it on; and a guard sends another.
    process.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(200);
    process.emit('SIGINT', 'SIGINT');
    await vi.advanceTimersByTimeAsync(10);
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGTERM', 'SIGTERM');
    const result = await shutdown.trigger();
    expect(result).toMatchObject({
      cause: { kind: 'signal', signal: 'SIGTERM' },
      ending: 'forced',
      exitCode: 143,
    });
    expect(exit.mock.calls).toEqual([[143]]);
    listening.close();
    expect(listeners()).toBe(before);
  });

  test('a guard’s TERM after the end of stdin or the parent’s death cuts nothing short', async () => {
    const shutdown = createShutdown({ signals: ['SIGTERM'] });
    using listening = shutdown.listen();
    shutdown.register('store', () => new Promise((resolve) => setTimeout(resolve, 300)));
    const result = shutdown.trigger({ kind: 'stdin-end' });
    await vi.advanceTimersByTimeAsync(150);
    process.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(300);
    expect(await result).toMatchObject({ ending: 'clean', exitCode: 0 });
    listening.close();
  });

  test('a name that is no signal is refused', () => {
    const shutdown = createShutdown({ signals: ['SIGNONE' as 'SIGTERM'] });
    expect(() => shutdown.listen()).toThrow(
      expect.toSatisfy((error) => isProcGuardError(error) && error.code === 'INVALID_OPTIONS'),
    );
  });
});
