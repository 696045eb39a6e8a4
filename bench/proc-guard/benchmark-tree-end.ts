import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs, repositoryRoot } from '../programs.ts';
import { formatSummary, percentile, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { nativeHelper } from './peers.ts';

const ownerProgram = join(repositoryRoot, 'bench', 'proc-guard', 'owner.mjs');

/** 20 processes, each of which holds the standard output that the benchmark reads to its end. */
const tree = [
  'sh',
  '-c',
  'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do sleep 1000 & done; echo ready; wait',
];
const one = ['sh', '-c', 'echo ready; exec sleep 1000'];

const cases: Readonly<Record<string, () => Promise<number>>> = {
  'the kernel’s parent-death signal, one bare process': () => killOwner([nativeHelper, 'exec', '--', ...one]),
  'proc-guard run --grace-ms 0, one process': () =>
    killOwner([nativeHelper, 'run', '--grace-ms', '0', '--', ...one]),
  'proc-guard run --grace-ms 0, a tree of 20': () =>
    killOwner([nativeHelper, 'run', '--grace-ms', '0', '--', ...tree]),
  'kill(-group), the same tree as one group: the floor': killGroup,
};

/** From the owner's SIGKILL to the end of the last process of the tree: when nobody holds the pipe any more. */
export async function benchmarkTreeEnd({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 3 : 150;
  const samples = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(cases)) samples.get(name)?.push(await measure());
  }
  const summaries = [...samples].map(([name, taken]) => {
    const sorted = taken.toSorted((a, b) => a - b);
    return { name, summary: summarize(taken), p99: percentile(sorted, 0.99) };
  });
  const bare = summaries[0];
  return {
    columns: [
      'from the owner’s SIGKILL to the end',
      'median (p10–p90)',
      'p99',
      'times the bare median',
      'times the bare p99',
    ],
    rows: summaries.map(({ name, summary, p99 }) => [
      name,
      formatSummary(summary, 'ms', 1),
      `${p99.toFixed(1)} ms`,
      (summary.median / (bare?.summary.median ?? Number.NaN)).toFixed(1),
      (p99 / (bare?.p99 ?? Number.NaN)).toFixed(1),
    ]),
  };
}

/**
 * What the kernel needs to end the same 20 processes when all of them are in one group and one call
 * names the group: nothing that has to find them first can be faster.
 */
async function killGroup(): Promise<number> {
  const [program = '', ...args] = tree;
  const group = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  if (group.pid === undefined) throw new Error('The tree did not start.');
  const ended = once(group.stdout, 'end');
  await once(group.stdout, 'data');
  const killedAt = performance.now();
  process.kill(-group.pid, 'SIGKILL');
  await ended;
  return performance.now() - killedAt;
}

async function killOwner(command: readonly string[]): Promise<number> {
  const owner = spawn(programs.node, [ownerProgram, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(owner.stdout, 'end');
  await once(owner.stdout, 'data');
  const killedAt = performance.now();
  owner.kill('SIGKILL');
  await ended;
  return performance.now() - killedAt;
}
