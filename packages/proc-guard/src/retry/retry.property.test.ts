import { getActiveResourcesInfo } from 'node:process';

import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { backoffDelay } from './backoff.ts';
import { createRetryBudget } from './retry-budget.ts';
import { RetryError } from './retry-error.ts';
import { retry } from './retry.ts';

const backoff = fc.record({
  jitter: fc.constantFrom('full', 'decorrelated', 'none'),
  initialDelayMs: fc.integer({ min: 0, max: 500 }),
  maxDelayMs: fc.integer({ min: 500, max: 5_000 }),
  factor: fc.integer({ min: 1, max: 4 }),
});

/** How each attempt behaves: after how long it settles (never for some), and how. */
const behaviour = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constant(Infinity)),
  succeeds: fc.boolean(),
});

function play({ afterMs, succeeds }: { afterMs: number; succeeds: boolean }): Promise<string> {
  return new Promise((resolve, reject) => {
    if (afterMs === Infinity) return;
    setTimeout(() => (succeeds ? resolve('done') : reject(new Error('down'))), afterMs);
  });
}

describe('for every policy and every way to fail', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('never more than maxAttempts, never past maxElapsedMs, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
        backoff,
        fc.array(behaviour, { minLength: 8, maxLength: 8 }),
        async (maxAttempts, maxElapsedMs, attemptTimeoutMs, backoff, behaviours) => {
          let calls = 0;
          const startedAt = performance.now();
          let elapsedMs = -1;
          const outcome = retry(
            ({ attempt }) => {
              calls += 1;
              return play(behaviours[attempt - 1] ?? { afterMs: 0, succeeds: false });
            },
            {
              maxAttempts,
              maxElapsedMs,
              backoff,
              ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
            },
          ).then(
            () => 'done' as const,
            (error: unknown) => error,
          );
          void outcome.then(() => (elapsedMs = performance.now() - startedAt));
          await vi.advanceTimersByTimeAsync(maxElapsedMs + 2);
          const result = await outcome;
          expect(calls).toBeLessThanOrEqual(maxAttempts);
          expect(elapsedMs).toBeLessThanOrEqual(maxElapsedMs + 1);
          if (result === 'done') return;
          expect(result).toBeInstanceOf(RetryError);
          expect((result as RetryError).attempts).toBe(calls);
          // What is left are the attempts' own timers, which nobody waits for.
          vi.clearAllTimers();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('an abort settles in the same turn, whatever is going on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5_000 }),
        backoff,
        fc.array(behaviour, { minLength: 8, maxLength: 8 }),
        async (abortAfterMs, backoff, behaviours) => {
          const controller = new AbortController();
          let settled = false;
          const outcome = retry(
            ({ attempt }) => play(behaviours[attempt - 1] ?? { afterMs: 0, succeeds: true }),
            {
              maxAttempts: 8,
              backoff,
              signal: controller.signal,
            },
          ).then(
            () => 'done',
            (error: unknown) => error,
          );
          void outcome.then(() => (settled = true));
          await vi.advanceTimersByTimeAsync(abortAfterMs);
          const before = settled;
          controller.abort('enough');
          await vi.advanceTimersByTimeAsync(0);
          expect(settled).toBe(true);
          expect(before || (await outcome) === 'enough').toBe(true);
          vi.clearAllTimers();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('10,000 callers of a dead dependency make no more extra calls than their budget’s share', async () => {
    const callers = 10_000;
    const budget = createRetryBudget({ ratio: 0.1, capacity: 100, minPerSecond: 10 });
    let calls = 0;
    const startedAt = performance.now();
    const all = Promise.allSettled(
      Array.from({ length: callers }, () =>
        retry(
          () => {
            calls += 1;
            return Promise.reject(new Error('down'));
          },
          { maxAttempts: 10, maxElapsedMs: 30_000, budget },
        ),
      ),
    );
    await vi.runAllTimersAsync();
    const results = await all;
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    const share = 100 + callers * 0.1 + seconds * 10;
    expect(calls - callers).toBeLessThanOrEqual(share);
    expect(calls - callers).toBeGreaterThan(0);
  });
});

test('a budget is never negative and never above its capacity', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 100 }),
      fc.array(
        fc.oneof(
          fc.constant({ kind: 'deposit' } as const),
          fc.constant({ kind: 'withdraw' } as const),
          fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: -50, max: 500 }) }),
        ),
      ),
      (ratio, capacity, minPerSecond, steps) => {
        let time = 0;
        const budget = createRetryBudget({ ratio, capacity, minPerSecond, now: () => time });
        for (const step of steps) {
          const before = budget.available;
          if (step.kind === 'deposit') budget.deposit();
          if (step.kind === 'pass') time += step.ms;
          const granted = step.kind === 'withdraw' && budget.tryWithdraw();
          expect(granted).toBe(step.kind === 'withdraw' && before >= 1);
          expect(budget.available).toBeGreaterThanOrEqual(0);
          expect(budget.available).toBeLessThanOrEqual(capacity);
        }
      },
    ),
  );
});

test('a back-off is within its bounds, and stays random at the cap', () => {
  fc.assert(
    fc.property(
      backoff,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (options, attempt, random) => {
        const policy = options;
        const delay = backoffDelay(policy, attempt, options.maxDelayMs, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(options.maxDelayMs);
        if (options.jitter === 'none' || options.initialDelayMs === options.maxDelayMs) return;
        const late = (value: number): number =>
          backoffDelay({ ...policy, initialDelayMs: 100, factor: 2 }, 90, options.maxDelayMs, () => value);
        expect(late(0.9)).toBeGreaterThan(late(0.1));
      },
    ),
  );
});

test('nothing keeps the event loop alive after it has settled', async () => {
  const count = (): number =>
    getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length;
  const before = count();
  const outcomes = await Promise.allSettled([
    retry(() => new Promise(() => undefined), { maxElapsedMs: 20 }),
    retry(() => Promise.reject(new Error('down')), { maxAttempts: 2, backoff: { maxDelayMs: 5 } }),
    retry(() => Promise.resolve('fine')),
    retry(() => new Promise(() => undefined), { signal: AbortSignal.abort() }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(count()).toBe(before);
});
