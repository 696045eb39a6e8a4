import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs, repositoryRoot } from '../programs.ts';
import type { Table } from '../table.ts';
import { findOnPath, nativeHelper } from './peers.ts';

const ownerProgram = join(repositoryRoot, 'bench', 'proc-guard', 'owner.mjs');
const execaOwnerProgram = join(repositoryRoot, 'bench', 'proc-guard', 'execa-owner.mjs');

/** What people start: a server with a child in the background, and a daemon that has left the session. */
const tree = [
  'sh',
  '-c',
  'trap "" TERM; sleep 1000 & setsid sleep 1000 & (setsid sleep 1000 &) ; echo ready; wait',
];

/** Kills the owner with SIGKILL and counts, from outside and by a mark in the environment, what is left 2 s later. */
export async function benchmarkLeftBehind({ small }: BenchmarkOptions): Promise<Table> {
  const trials = small ? 2 : 20;
  const tini = findOnPath('tini');
  const dumbInit = findOnPath('dumb-init');
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['nothing', [ownerProgram, ...tree]],
    ['proc-guard run', [ownerProgram, nativeHelper, 'run', '--', ...tree]],
    ['proc-guard exec (kernel only)', [ownerProgram, nativeHelper, 'exec', '--', ...tree]],
    ['execa (cleanup)', [execaOwnerProgram, ...tree]],
    [
      'tini -s -p KILL',
      tini === undefined ? undefined : [ownerProgram, tini, '-s', '-p', 'SIGKILL', '--', ...tree],
    ],
    ['dumb-init', dumbInit === undefined ? undefined : [ownerProgram, dumbInit, ...tree]],
  ];
  const rows: string[][] = [];
  for (const [name, command] of cases) {
    if (command === undefined) {
      rows.push([name, 'not measured: not installed', '']);
      continue;
    }
    let left = 0;
    for (let trial = 0; trial < trials; trial += 1) left += await leftBehind(command);
    rows.push([name, (left / trials).toFixed(1), `${left} in ${trials} trials`]);
  }
  return { columns: ['between owner and a tree of 4', 'processes left, on average', 'in all'], rows };
}

async function leftBehind(args: readonly string[]): Promise<number> {
  const mark = `ENDWELL_BENCH_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const owner = spawn(programs.node, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [name]: value },
  });
  await once(owner.stdout, 'data');
  owner.stdout.destroy();
  const closed = once(owner, 'close');
  owner.kill('SIGKILL');
  await closed;
  await delay(2_000);
  const survivors = await marked(mark);
  for (const pid of survivors) process.kill(pid, 'SIGKILL');
  return survivors.length;
}

async function marked(mark: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if ((await readFile(`/proc/${name}/environ`, 'utf8')).split('\0').includes(mark))
        found.push(Number(name));
    } catch {
      continue; // It ended while we looked.
    }
  }
  return found;
}
