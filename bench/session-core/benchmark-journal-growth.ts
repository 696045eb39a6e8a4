import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createSessionManager, sqliteStore, type SessionManager } from '@endwell/session-core';

import type { BenchmarkOptions } from '../benchmarks.ts';
import { summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { insertBare } from './bare-driver.ts';
import { journalTexts } from './journal-texts.ts';
import { recordMany } from './record-many.ts';

/** What the search returns, asked of the bare driver. */
const bareSql = `
  SELECT entries.*, sessions.*, snippet(entry_search, -1, '<', '>', '…', 24) AS snippet, rank
  FROM entry_search CROSS JOIN entries ON entries.entry_key = entry_search.rowid
  CROSS JOIN sessions USING (session_key)
  WHERE entry_search MATCH ? ORDER BY rank LIMIT 20`;

const searches = [
  ['a rare word', 'needle'],
  ['a common word', 'common'],
  ['three words', 'session error query'],
] as const;

/** Search beside the bare FTS5 query, and what a journal costs as it grows. */
export async function benchmarkJournalGrowth({ small, sizes: chosen }: BenchmarkOptions): Promise<Table> {
  const sizes = chosen ?? (small ? [1_000, 5_000] : [10_000, 100_000, 1_000_000]);
  const rows: string[][] = [];
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
    try {
      rows.push(await measure(join(folder, 'x.db'), size, small ? 3 : 15));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return {
    columns: [
      'entries',
      ...searches.map(([name]) => `search: ${name} (of bare FTS5)`),
      'newest first, common word',
      'statistics, 30 steps',
      'records',
    ],
    rows,
  };
}

async function measure(path: string, size: number, rounds: number): Promise<string[]> {
  await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
  const { startedAt } = await manager.start({ kind: 'bench' });
  insertBare(path, journalTexts(size), 1_000);
  const cells: string[] = [];
  const bare = new DatabaseSync(path, { readOnly: true });
  try {
    const query = bare.prepare(bareSql);
    for (const [, text] of searches) {
      const match = text
        .split(' ')
        .map((word) => `"${word}"`)
        .join(' AND ');
      // Both have read the index once before it counts.
      query.all(match);
      await manager.search({ text });
      const ours: number[] = [];
      const ratios: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const peer = await milliseconds(() => query.all(match));
        const own = await milliseconds(() => manager.search({ text }));
        ours.push(own);
        ratios.push(own / peer);
      }
      cells.push(`${summarize(ours).median.toFixed(1)} ms (${summarize(ratios).median.toFixed(2)} ×)`);
    }
  } finally {
    bare.close();
  }
  const newest = await medianOf(rounds, () => manager.search({ text: 'common', order: 'newest' }));
  const options = { from: startedAt - 30 * 60_000, to: startedAt + 60_000, bucketMs: 60_000 };
  const statistics = await medianOf(rounds, () => manager.statistics(options));
  return [
    size.toLocaleString('en'),
    ...cells,
    `${newest.toFixed(1)} ms`,
    `${statistics.toFixed(1)} ms`,
    `${Math.round(await recordsPerSecond(manager, Math.min(size, 10_000)))} /s`,
  ];
}

async function recordsPerSecond(manager: SessionManager, count: number): Promise<number> {
  const { id } = await manager.start({ kind: 'bench' });
  const texts = journalTexts(count);
  const taken = await milliseconds(() => recordMany(manager, id, texts, 1_000));
  return (count / taken) * 1_000;
}

async function medianOf(rounds: number, run: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await milliseconds(run));
  return summarize(samples).median;
}

async function milliseconds(run: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}
