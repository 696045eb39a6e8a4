import { retry } from '@endwell/proc-guard';
import { ExponentialBackoff, handleAll, retry as cockatielRetry } from 'cockatiel';
import pRetry from 'p-retry';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';

/** A first try that succeeds, a hundred thousand times: what a bound costs when it is not needed. */
export async function benchmarkRetry({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 3 : 25;
  const calls = small ? 2_000 : 100_000;
  const policy = cockatielRetry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
  const operation = async (): Promise<number> => 1;
  const cases: Readonly<Record<string, () => Promise<number>>> = {
    'proc-guard retry': () => retry(operation, { maxAttempts: 3 }),
    'p-retry': () => pRetry(operation, { retries: 2 }),
    cockatiel: () => policy.execute(operation),
    'no retry at all': operation,
  };
  const samples = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, call] of Object.entries(cases)) {
      const startedAt = performance.now();
      for (let index = 0; index < calls; index += 1) await call();
      // The first round warms the compiler up.
      if (round > 0) samples.get(name)?.push(((performance.now() - startedAt) * 1e6) / calls);
    }
  }
  const own = summarize(samples.get('proc-guard retry') ?? []).median;
  return {
    columns: ['a first try that succeeds', 'median (p10–p90)', 'times proc-guard'],
    rows: [...samples].map(([name, taken]) => {
      const summary = summarize(taken);
      return [name, formatSummary(summary, 'ns'), (summary.median / own).toFixed(2)];
    }),
  };
}
