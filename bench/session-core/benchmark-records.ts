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
import { journalTexts, type JournalText } from './journal-texts.ts';
import { recordMany } from './record-many.ts';

const processes = 4;
const underWay = 1_000;

/** Durable records (fsync on) beside the bare driver doing the same to the same tables, in turns. */
export async function benchmarkRecords({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 1 : 7;
  const texts = journalTexts(small ? 2_000 : 20_000);
  // Each of the processes has half as much to do as the one.
  const ofMany = (texts.length / 2) * processes;
  const few = texts.slice(0, small ? 100 : 1_000);
  const rates = { one: [], four: [], thousand: [], each: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
    try {
      const path = join(folder, 'one.db');
      rates['one']?.push(texts.length / (await secondsOfOne(path, texts)));
      rates['thousand']?.push(texts.length / seconds(() => insertBare(path, texts, 1_000)));
      rates['each']?.push(few.length / seconds(() => insertBare(path, few, 1)));
      rates['four']?.push(ofMany / (await secondsOfMany(join(folder, 'four.db'), ofMany)));
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

async function secondsOfOne(path: string, texts: readonly JournalText[]): Promise<number> {
  await using manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
  const { id } = await manager.start({ kind: 'bench' });
  const startedAt = performance.now();
  await recordMany(manager, id, texts, underWay);
  return (performance.now() - startedAt) / 1_000;
}

/** From the moment at which all of them may begin until the last has everything on disk. */
async function secondsOfMany(path: string, count: number): Promise<number> {
  const program = fileURLToPath(new URL('record-process.ts', import.meta.url));
  const args = [
    '--conditions=@endwell/source',
    program,
    path,
    String(count / processes),
    String(underWay / processes),
  ];
  const children = Array.from({ length: processes }, () => {
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
  return taken;
}

function seconds(run: () => void): number {
  const startedAt = performance.now();
  run();
  return (performance.now() - startedAt) / 1_000;
}
