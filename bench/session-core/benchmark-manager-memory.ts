import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSessionManager, sqliteStore, type SessionManager } from '@endwell/session-core';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import type { Table } from '../table.ts';

interface Measured {
  readonly heapUsed: number;
  readonly rss: number;
  readonly timers: number;
  readonly kept: number;
  readonly ends: {
    readonly ended: number;
    readonly peakHeap: number;
    readonly latenessP50Ms: number;
    readonly latenessP99Ms: number;
  };
}

const program = fileURLToPath(new URL('measure-manager.ts', import.meta.url));

/** A manager that kept every session needs no measurement beyond this. */
const mostKept = 100_000;

/**
 * What a manager holds in memory while so many sessions are active in its database, most of them
 * other processes': beside it a process that has only loaded the package, and one that keeps every
 * session. Then a tenth of them end over ten seconds, and nobody but that manager is there to end them.
 */
export async function benchmarkManagerMemory({ small, sizes: chosen }: BenchmarkOptions): Promise<Table> {
  const sizes = chosen ?? (small ? [0, 500] : [0, 10_000, 100_000, 1_000_000]);
  const idle = await measure('', 'idle');
  const rows: string[][] = [row('the package is loaded, nothing is open', 0, idle, idle)];
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
    try {
      const path = join(folder, 'endwell.db');
      const ending = Math.min(100_000, size / 10);
      const perSecond = await fill(path, size - ending);
      if (size > 0) {
        // It has to be over before the first of them is due, and the other process open.
        const firstAt = Date.now() + 10_000 + (ending / perSecond) * 2_000;
        await fillEnding(path, ending, firstAt, small ? 1_000 : 10_000);
        rows.push(
          row('a manager stands guard, and a tenth end', size, await measure(path, 'ends', ending), idle),
        );
      } else {
        rows.push(row('a manager stands guard', 0, await measure(path, 'guard'), idle));
      }
      if (size === 0 || size > mostKept) continue;
      const keep = await measure(path, 'keep');
      if (keep.kept !== size - ending)
        throw new Error(`${keep.kept} of ${size - ending} sessions are active.`);
      rows.push(row('every session that is left is kept', size - ending, keep, idle));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return {
    columns: [
      'process',
      'active sessions',
      'heap',
      'above the first',
      'resident',
      'timers',
      'ended',
      'heap at most meanwhile, above the first',
      'late p50, p99',
    ],
    rows,
  };
}

function row(name: string, size: number, measured: Measured, idle: Measured): string[] {
  const { heapUsed, rss, timers, ends } = measured;
  const above = (bytes: number): string => mebibytes(bytes - idle.heapUsed);
  return [
    name,
    size.toLocaleString('en'),
    mebibytes(heapUsed),
    measured === idle ? '' : above(heapUsed),
    mebibytes(rss),
    String(timers),
    ...(ends.ended === 0
      ? ['', '', '']
      : [
          ends.ended.toLocaleString('en'),
          above(ends.peakHeap),
          `${ends.latenessP50Ms.toFixed(0)} ms, ${ends.latenessP99Ms.toFixed(0)} ms`,
        ]),
  ];
}

const batchSize = 1_000;
const longMs = 12 * 3_600_000;

/** This process owns them, and lives on. The answer is how many it started in a second. */
async function fill(path: string, size: number): Promise<number> {
  const startedAt = performance.now();
  await startMany(path, size, (index) => ({
    kind: 'agent',
    project: `/srv/project-${index % 50}`,
    metadata: { model: 'm1' },
  }));
  return (size / (performance.now() - startedAt)) * 1_000;
}

async function fillEnding(path: string, size: number, firstAt: number, windowMs: number): Promise<void> {
  await startMany(path, size, (index) => ({
    kind: 'ending',
    project: `/srv/project-${index % 50}`,
    metadata: { model: 'm1' },
    idleTtlMs: Math.round(firstAt + (index / size) * windowMs) - Date.now(),
  }));
  if (Date.now() > firstAt) throw new Error('the first were due before the last had been started');
}

async function startMany(
  path: string,
  size: number,
  start: (index: number) => Parameters<SessionManager['start']>[0],
): Promise<void> {
  await using manager = createSessionManager({
    store: sqliteStore({ path, durability: 'process-crash' }),
    quotas: { perOwner: 10_000_000, perProject: 10_000_000, perStore: 10_000_000 },
    startRate: { perSecond: 1_000_000, burst: 1_000_000 },
    idleTtlMs: longMs,
  });
  await manager.open();
  for (let begun = 0; begun < size; begun += batchSize) {
    await Promise.all(
      Array.from({ length: Math.min(batchSize, size - begun) }, (_, index) =>
        manager.start(start(begun + index)),
      ),
    );
  }
}

async function measure(
  path: string,
  role: 'idle' | 'guard' | 'keep' | 'ends',
  ending = 0,
): Promise<Measured> {
  const args = ['--conditions=@endwell/source', '--expose-gc', program, path, role, String(ending)];
  const { stdout } = await promisify(execFile)(programs.node, args);
  const measured = JSON.parse(stdout) as Measured;
  if (measured.ends.ended !== ending) throw new Error(`${measured.ends.ended} of ${ending} sessions ended.`);
  return measured;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
