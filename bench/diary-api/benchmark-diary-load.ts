import type { BenchmarkOptions } from '../benchmarks.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { type Load, putLoad } from './load.ts';
import { type MeasuredServer, startDiary, startWithoutStore } from './measured-server.ts';
import { variedEntries } from './varied-entries.ts';

const CONNECTIONS = 50;
const BATCH = 100;

const entries = variedEntries(2_000);
const batches = Array.from({ length: entries.length / BATCH }, (_, index) => ({
  entries: entries.slice(index * BATCH, (index + 1) * BATCH),
}));

interface Series {
  readonly rate: number[];
  readonly p99: number[];
}

/**
 * Entries that are acknowledged, which for the diary means on disk, beside the same server without a store. Round by
 * round, so that a busy moment of the machine falls on all alike.
 */
export async function benchmarkDiaryLoad({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 2 : 7;
  const seconds = small ? 2 : 6;
  await using diary = await startDiary();
  await using bare = await startWithoutStore();
  const path = await sessionPath(diary);
  const runs = {
    'no store, an entry a request': { server: bare, path: '', bodies: entries, each: 1 },
    'diary serve, an entry a request': { server: diary, path: '', bodies: entries, each: 1 },
    [`diary serve, ${BATCH} entries a request`]: {
      server: diary,
      path: '/batch',
      bodies: batches,
      each: BATCH,
    },
  } as const;
  const series = new Map<string, Series>(Object.keys(runs).map((name) => [name, { rate: [], p99: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, { server, path: suffix, bodies, each }] of Object.entries(runs)) {
      const url = new URL(`${path}${suffix}`, server.address).href;
      const load: Load = await putLoad({ url, bodies, seconds, connections: CONNECTIONS });
      // The first round only warms up.
      if (round === 0) continue;
      series.get(name)?.rate.push(load.requestsPerSecond * each);
      series.get(name)?.p99.push(load.p99Ms);
    }
  }
  const [bareName = '', singleName = ''] = Object.keys(runs);
  const bareRate = summarize(series.get(bareName)?.rate ?? []);
  const bareP99 = summarize(series.get(bareName)?.p99 ?? []);
  const singleRate = summarize(series.get(singleName)?.rate ?? []);
  return {
    columns: [
      `${CONNECTIONS} connections`,
      'acknowledged entries a second, median (p10–p90)',
      'of the rate without a store',
      'times single writes',
      'p99',
      'times the p99 without a store',
    ],
    rows: [...series].map(([name, { rate, p99 }]) => {
      const [rates, latencies] = [summarize(rate), summarize(p99)];
      return [
        name,
        formatSummary(rates, '/s'),
        `${((100 * rates.median) / bareRate.median).toFixed(0)} %`,
        (rates.median / singleRate.median).toFixed(2),
        formatSummary(latencies, 'ms'),
        (latencies.median / bareP99.median).toFixed(2),
      ];
    }),
  };
}

/** A session that every round writes to, under the same path on both servers. */
export async function sessionPath(diary: MeasuredServer): Promise<string> {
  const response = await fetch(new URL('/api/v1/sessions', diary.address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"project":"bench"}',
  });
  const { id } = (await response.json()) as { readonly id: string };
  return `/api/v1/sessions/${id}/entries`;
}
