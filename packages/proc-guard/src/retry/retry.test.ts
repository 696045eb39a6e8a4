import { getActiveResourcesInfo } from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { isProcGuardError, type ProcGuardError } from '../errors/proc-guard-error.ts';
import { createRetryBudget } from './retry-budget.ts';
import { RetryError } from './retry-error.ts';
import type { RetryEvent } from './retry-options.ts';
import { retry } from './retry.ts';

const down = new Error('down');
const alwaysDown = (): never => {
  throw down;
};

async function failureOf(promise: Promise<unknown>): Promise<RetryError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof RetryError)) throw new Error('it did not fail with a RetryError', { cause: error });
  return error;
}

describe('with a clock that the test moves', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('the value of the first success is returned', async () => {
    let calls = 0;
    const result = retry(({ attempt }) => {
      calls += 1;
      if (attempt < 3) throw down;
      return `attempt ${attempt}`;
    });
    await vi.runAllTimersAsync();
    expect(await result).toBe('attempt 3');
    expect(calls).toBe(3);
  });

  test('attempts are bounded, and the failure says everything', async () => {
    const events: RetryEvent[] = [];
    const result = failureOf(
      retry(alwaysDown, {
        maxAttempts: 4,
        backoff: { jitter: 'none' },
        onRetry: (event) => events.push(event),
      }),
    );
    await vi.runAllTimersAsync();
    const error = await result;
    expect(error).toMatchObject({ code: 'RETRY_EXHAUSTED', attempts: 4, reason: 'attempts', cause: down });
    expect(error.elapsedMs).toBe(700);
    expect(events.map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 100],
      [2, 200],
      [3, 400],
    ]);
  });

  test('the time cap cuts an attempt in flight that ignores its signal', async () => {
    let seen: AbortSignal | undefined;
    const result = failureOf(
      retry(
        ({ signal }) => {
          seen = signal;
          return new Promise(() => undefined);
        },
        { maxElapsedMs: 300 },
      ),
    );
    await vi.advanceTimersByTimeAsync(299);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    const error = await result;
    expect(error.reason).toBe('elapsed');
    expect(error.elapsedMs).toBeLessThanOrEqual(301);
    expect((error.cause as ProcGuardError).code).toBe('ATTEMPT_TIMEOUT');
    expect(seen?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an attempt that takes too long is cut and tried again', async () => {
    const signals: AbortSignal[] = [];
    const result = retry(
      ({ attempt, signal }) => {
        signals.push(signal);
        return attempt === 1 ? new Promise<string>(() => undefined) : Promise.resolve('second');
      },
      { attemptTimeoutMs: 50 },
    );
    await vi.runAllTimersAsync();
    expect(await result).toBe('second');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('a wait that would leave no time for another attempt is not waited', async () => {
    const result = failureOf(
      retry(alwaysDown, { maxElapsedMs: 1_000, backoff: { jitter: 'none', initialDelayMs: 1_000 } }),
    );
    expect(await result).toMatchObject({ attempts: 1, reason: 'elapsed', elapsedMs: 0 });
  });

  test('Retry-After is honoured when it is longer than the back-off', async () => {
    const waits: number[] = [];
    const result = failureOf(
      retry(alwaysDown, {
        maxAttempts: 3,
        backoff: { jitter: 'none' },
        retryAfterMs: () => (waits.length === 0 ? 5_000 : 10),
        onRetry: ({ delayMs }) => waits.push(delayMs),
      }),
    );
    await vi.runAllTimersAsync();
    await result;
    expect(waits).toEqual([5_000, 200]);
  });

  test('a Retry-After beyond the time cap ends it at once', async () => {
    const error = await failureOf(retry(alwaysDown, { retryAfterMs: () => Infinity }));
    expect(error).toMatchObject({ reason: 'elapsed', attempts: 1 });
  });

  test('an abort ends a back-off sleep at once with its reason', async () => {
    const controller = new AbortController();
    const result = retry(alwaysDown, {
      signal: controller.signal,
      backoff: { jitter: 'none', initialDelayMs: 50_000 },
    });
    const reason = result.then(
      () => 'a value',
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    expect(await reason).toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an abort ends an attempt in flight, also one that ignores its signal', async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const result = retry(
      (context) => {
        seen = context.signal;
        return new Promise(() => undefined);
      },
      { signal: controller.signal },
    );
    const reason = result.then(
      () => 'a value',
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    expect(await reason).toBe('enough');
    expect(seen?.reason).toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what was aborted before does not start', async () => {
    const operation = vi.fn<() => void>();
    await expect(retry(operation, { signal: AbortSignal.abort('early') })).rejects.toBe('early');
    expect(operation).not.toHaveBeenCalled();
  });

  test('what cannot be mended is not tried again', async () => {
    const error = await failureOf(retry(alwaysDown, { shouldRetry: (error) => error !== down }));
    expect(error).toMatchObject({ attempts: 1, reason: 'not-retryable', cause: down });
  });

  test('a spent budget ends it', async () => {
    const budget = createRetryBudget({ capacity: 1, ratio: 0, minPerSecond: 0 });
    const result = failureOf(retry(alwaysDown, { budget, maxAttempts: 10 }));
    await vi.runAllTimersAsync();
    expect(await result).toMatchObject({ attempts: 2, reason: 'budget' });
    expect(budget.available).toBe(0);
  });
});

test.each([
  [{ maxAttempts: Infinity }, 'RETRY_UNBOUNDED'],
  [{ maxAttempts: 101 }, 'RETRY_UNBOUNDED'],
  [{ maxElapsedMs: Infinity }, 'RETRY_UNBOUNDED'],
  [{ maxElapsedMs: 86_400_001 }, 'RETRY_UNBOUNDED'],
  [{ attemptTimeoutMs: Infinity }, 'RETRY_UNBOUNDED'],
  [{ backoff: { maxDelayMs: Infinity } }, 'RETRY_UNBOUNDED'],
  [{ maxAttempts: Number.NaN }, 'INVALID_OPTIONS'],
  [{ maxAttempts: -1 }, 'INVALID_OPTIONS'],
  [{ maxAttempts: 0 }, 'INVALID_OPTIONS'],
  [{ maxAttempts: 1.5 }, 'INVALID_OPTIONS'],
  [{ maxElapsedMs: -5 }, 'INVALID_OPTIONS'],
  [{ attemptTimeoutMs: Number.NaN }, 'INVALID_OPTIONS'],
  [{ backoff: { factor: 0.5 } }, 'INVALID_OPTIONS'],
  [{ backoff: { initialDelayMs: 5, maxDelayMs: 1 } }, 'INVALID_OPTIONS'],
  [{ backoff: { jitter: 'some' as 'full' } }, 'INVALID_OPTIONS'],
])('%j is refused with %s before anything runs', async (options, code) => {
  const operation = vi.fn<() => void>();
  await expect(retry(operation, options)).rejects.toSatisfy(
    (error) => isProcGuardError(error) && error.code === code,
  );
  expect(operation).not.toHaveBeenCalled();
});

test('a first success leaves no timer behind', async () => {
  const timers = (): number => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  for (let call = 0; call < 100; call += 1) await retry(() => Promise.resolve(call));
  await nextTurn();
  expect(timers()).toBe(before);
});
