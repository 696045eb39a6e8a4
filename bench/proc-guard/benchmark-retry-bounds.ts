import { retry } from '@endwell/proc-guard';
import {
  ConstantBackoff,
  handleAll,
  retry as cockatielRetry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import pRetry from 'p-retry';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';

const capMs = 300;
const attemptMs = 1_500;
const abortMs = 100;
const backoffMs = 2_000;

type Call = (signal: AbortSignal) => Promise<unknown>;

/** Ends by itself only: what a bound cannot cut is waited for. */
const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, attemptMs));
const failing = (): Promise<never> => Promise.reject(new Error('down'));

const capped: Readonly<Record<string, Call>> = {
  'proc-guard': () => retry(slow, { maxElapsedMs: capMs, attemptTimeoutMs: backoffMs }),
  'p-retry': () => pRetry(slow, { retries: 2, maxRetryTime: capMs }),
  cockatiel: () =>
    wrap(timeout(capMs, TimeoutStrategy.Aggressive), cockatielRetry(handleAll, { maxAttempts: 2 })).execute(
      slow,
    ),
};

const aborted: Readonly<Record<string, Call>> = {
  'proc-guard': (signal) =>
    retry(failing, {
      maxAttempts: 3,
      backoff: { jitter: 'none', initialDelayMs: backoffMs, maxDelayMs: backoffMs },
      signal,
    }),
  'p-retry': (signal) =>
    pRetry(failing, { retries: 2, minTimeout: backoffMs, maxTimeout: backoffMs, randomize: false, signal }),
  cockatiel: (signal) =>
    cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(backoffMs) }).execute(
      failing,
      signal,
    ),
};

/** How long each takes to settle when a bound is reached; the bound itself is the best that can be. */
export async function benchmarkRetryBounds({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 5;
  const rows: string[][] = [];
  for (const [name, calls] of [
    [`a time cap of ${capMs} ms, the attempt in flight would take ${attemptMs}`, capped],
    [`an abort after ${abortMs} ms, in a back-off of ${backoffMs}`, aborted],
  ] as const) {
    const row: string[] = [name];
    for (const call of Object.values(calls)) row.push(await settleTime(call, rounds));
    rows.push(row);
  }
  return { columns: ['until it settles', ...Object.keys(capped)], rows };
}

async function settleTime(call: Call, rounds: number): Promise<string> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error('aborted')), abortMs);
    const startedAt = performance.now();
    // Each rejects in its own way; only when is asked here.
    await call(controller.signal).then(
      () => undefined,
      () => undefined,
    );
    samples.push(performance.now() - startedAt);
    clearTimeout(timer);
  }
  return formatSummary(summarize(samples), 'ms');
}
