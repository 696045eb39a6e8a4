import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createSessionManager, sqliteStore } from '@endwell/session-core';

import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { insertBare } from './bare-driver.ts';
import { journalTexts } from './journal-texts.ts';

const processes = 4;
const underWay = 1_000;

/**
 * Durable records (fsync on) beside the bare driver doing the same to the same tables, in turns. One process and
 * four run the same program, each with as many entries to record, which are enough for the start to be over.
 */
export async function benchmarkRecords({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 7;
  const texts = journalTexts(small ? 2_000 : 40_000);
  const few = texts.slice(0, small ? 100 : 1_000);
  const rates = { one: [], four: [], thousand: [], each: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
    try {
      const bare = join(folder, 'bare.db');
      await makeDatabase(bare);
      rates['one']?.push(await rateOf(1, join(folder, 'one.db'), texts.length));
      rates['thousand']?.push(texts.length / seconds(() => insertBare(bare, texts, 1_000)));
      rates['each']?.push(few.length / seconds(() => insertBare(bare, few, 1)));
      rates['four']?.push(await rateOf(processes, join(folder, 'four.db'), texts.length));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const summaries = Object.fromEntries(
    Object.entries(rates).map(([name, samples]) => [name, summarize(samples)]),
  );
  const ratio = (name: string, beside: string): string => {
    const pairs = (rates[name] ?? []).map((rate, index) => rate / (rates[beside]?.[index] ?? Number.NaN));
    return formatSummary(summarize(pairs), '×', 2);
  };
  const row = (label: string, name: string, ...cells: string[]): string[] => {
    const summary = summaries[name];
    return [label, summary === undefined ? '' : formatSummary(summary, '/s'), ...cells];
  };
  return {
    columns: [
      'durable records',
      'median (p10–p90)',
      'of the bare driver, 1,000 at once',
      'of one transaction each',
    ],
    rows: [
      row('session-core, one process', 'one', ratio('one', 'thousand'), ratio('one', 'each')),
      row(
        `session-core, ${processes} processes together`,
        'four',
        `${ratio('four', 'one')} of one process`,
        '',
      ),
      row('bare driver, 1,000 in a transaction', 'thousand', '', ''),
      row('bare driver, one in a transaction', 'each', '', ''),
    ],
  };
}

/** With its tables, and a session that the entries are of. */
async function makeDatabase(path: string): Promise<void> {
  await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
  await manager.start({ kind: 'bench' });
}

/** Entries a second of so many processes together: until the last of them has everything on disk. */
async function rateOf(count: number, path: string, entriesOfEach: number): Promise<number> {
  const program = fileURLToPath(new URL('record-process.ts', import.meta.url));
  const args = [
    '--conditions=@endwell/source',
    program,
    path,
    String(entriesOfEach),
    String(underWay / count),
  ];
  const children = Array.from({ length: count }, () => {
    const child = spawn(programs.node, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    return {
      child,
      lines: createInterface(child.stdout)[Symbol.asyncIterator](),
      ended: once(child, 'exit'),
    };
  });
  const line = async (expected: string): Promise<void> => {
    for (const { lines } of children) {
      const { value } = await lines.next();
      if (value !== expected) throw new Error(`a process that records said ${String(value)}`);
    }
  };
  await line('ready');
  const startedAt = performance.now();
  for (const { child } of children) child.stdin.write('go\n');
  await line('done');
  const taken = (performance.now() - startedAt) / 1_000;
  await Promise.all(children.map(({ ended }) => ended));
  return (count * entriesOfEach) / taken;
}

function seconds(run: () => void): number {
  const startedAt = performance.now();
  run();
  return (performance.now() - startedAt) / 1_000;
}
