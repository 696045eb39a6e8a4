import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSessionManager, sqliteStore } from '@endwell/session-core';
import type { BenchmarkOptions } from '../benchmarks.ts';
import type { Table } from '../table.ts';

interface Measured {
  readonly heapUsed: number;
  readonly rss: number;
  readonly timers: number;
  readonly kept: number;
}

const program = fileURLToPath(new URL('measure-manager.ts', import.meta.url));

/**
 * What a manager holds in memory while so many sessions are active in its database, most of them
 * other processes': beside it a process that has only loaded the package, and one that keeps every
 * session.
 */
export async function benchmarkManagerMemory({ small }: BenchmarkOptions): Promise<Table> {
  const sizes = small ? [0, 500] : [0, 10_000, 100_000];
  const idle = await measure('', 'idle');
  const rows: string[][] = [
    ['the package is loaded, nothing is open', '', mebibytes(idle.heapUsed), mebibytes(idle.rss), '0', ''],
  ];
  let emptyHeap = 0;
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-manager-'));
    try {
      const path = join(folder, 'endwell.db');
      await fill(path, size);
      const guard = await measure(path, 'guard');
      if (size === 0) emptyHeap = guard.heapUsed;
      rows.push(row('a manager stands guard', size, guard, emptyHeap));
      if (size === 0) continue;
      const keep = await measure(path, 'keep');
      if (keep.kept !== size) throw new Error(`${keep.kept} of ${size} sessions are active.`);
      rows.push(row('the same, and every session is kept', size, keep, emptyHeap));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return {
    columns: ['process', 'active sessions', 'heap', 'resident', 'timers', 'heap a session'],
    rows,
  };
}

function row(name: string, size: number, measured: Measured, emptyHeap: number): string[] {
  const each = size === 0 ? '' : `${((measured.heapUsed - emptyHeap) / size).toFixed(1)} B`;
  const { heapUsed, rss, timers } = measured;
  return [name, size.toLocaleString('en'), mebibytes(heapUsed), mebibytes(rss), String(timers), each];
}

/** This process owns them, and lives on. */
async function fill(path: string, size: number): Promise<void> {
  await using manager = createSessionManager({
    store: sqliteStore({ path, durability: 'process-crash' }),
    quotas: { perOwner: 10_000_000, perProject: 10_000_000, perStore: 10_000_000 },
    startRate: { perSecond: 1_000_000, burst: 1_000_000 },
    idleTtlMs: 12 * 3_600_000,
  });
  await manager.open();
  for (let begun = 0; begun < size; begun += 1_000) {
    await Promise.all(
      Array.from({ length: Math.min(1_000, size - begun) }, (_, index) =>
        manager.start({ kind: 'agent', project: `/srv/project-${index % 50}`, metadata: { model: 'm1' } }),
      ),
    );
  }
}

async function measure(path: string, role: 'idle' | 'guard' | 'keep'): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, path, role]);
  return JSON.parse(stdout) as Measured;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
