import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchmarkOptions } from '../benchmarks.ts';
import type { Table } from '../table.ts';
import { findOnPath, nativeHelper } from './peers.ts';

/** What a guard costs while nothing happens: its memory, and how often it woke up. */
export async function benchmarkIdleCost({ small }: BenchmarkOptions): Promise<Table> {
  const idleMs = small ? 500 : 5_000;
  const tini = findOnPath('tini');
  const dumbInit = findOnPath('dumb-init');
  const command = ['sh', '-c', 'echo ready; exec sleep 1000'] as const;
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['proc-guard run', [nativeHelper, 'run', '--', ...command]],
    ['proc-guard watch (behind onParentExit and watchProcess)', [nativeHelper, 'watch']],
    ['tini', tini === undefined ? undefined : [tini, '-s', '--', ...command]],
    ['dumb-init', dumbInit === undefined ? undefined : [dumbInit, ...command]],
  ];
  const rows: string[][] = [];
  for (const [name, commandLine] of cases) {
    if (commandLine === undefined) {
      rows.push([name, 'not measured: not installed', '', '']);
      continue;
    }
    const [program = '', ...args] = commandLine;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const before = await wakeUps(child);
    await delay(idleMs);
    const after = await wakeUps(child);
    const memory = await readFile(`/proc/${child.pid}/smaps_rollup`, 'utf8');
    rows.push([
      name,
      `${kibibytes(memory, 'Rss')} KiB`,
      `${privateKibibytes(memory)} KiB`,
      String(after - before),
    ]);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    child.stdin.end();
    await closed;
  }
  return { columns: ['idle', 'resident', 'private', `wake-ups in ${idleMs / 1000} s`], rows };
}

async function wakeUps(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return [...status.matchAll(/ctxt_switches:\s+(\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
}

function kibibytes(smaps: string, field: string): number {
  const value = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(smaps)?.[1];
  if (value === undefined) throw new Error(`smaps_rollup has no ${field}.`);
  return Number(value);
}

function privateKibibytes(smaps: string): number {
  return kibibytes(smaps, 'Private_Clean') + kibibytes(smaps, 'Private_Dirty');
}
