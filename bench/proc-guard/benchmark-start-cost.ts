import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import { formatSummary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { findOnPath, nativeHelper } from './peers.ts';

const run = promisify(execFile);

/** What each adds to the start and end of `true`, started one after the other by the same shell. */
export async function benchmarkStartCost({ small }: BenchmarkOptions): Promise<Table> {
  const rounds = small ? 2 : 30;
  const starts = small ? 20 : 100;
  const tini = findOnPath('tini');
  const dumbInit = findOnPath('dumb-init');
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['bare', 'true'],
    ['proc-guard-native run', `${nativeHelper} run -- true`],
    ['proc-guard run (the launcher)', `${programs.procGuard} run -- true`],
    ['proc-guard-native exec', `${nativeHelper} exec -- true`],
    ['tini -s', tini && `${tini} -s -- true`],
    ['dumb-init', dumbInit && `${dumbInit} true`],
  ];
  const samples = new Map<string, number[]>(cases.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of cases) {
      if (command === undefined) continue;
      // An absolute path, so that the shell starts a process and not its built-in.
      const script = `i=0; while [ $i -lt ${starts} ]; do ${command.replace(/true$/, '/bin/true')}; i=$((i+1)); done`;
      const startedAt = performance.now();
      await run('sh', ['-c', script]);
      samples.get(name)?.push((performance.now() - startedAt) / starts);
    }
  }
  const bare = summarize(samples.get('bare') ?? []).median;
  const peer = tini === undefined ? Number.NaN : summarize(samples.get('tini -s') ?? []).median - bare;
  return {
    columns: ['start and end of `true`', 'median (p10–p90)', 'added to bare', 'times what tini adds'],
    rows: cases.map(([name, command]) => {
      if (command === undefined) return [name, 'not measured: not installed', '', ''];
      const summary = summarize(samples.get(name) ?? []);
      const added = summary.median - bare;
      return [
        name,
        formatSummary(summary, 'ms', 2),
        name === 'bare' ? '' : `${added.toFixed(2)} ms`,
        name === 'bare' || Number.isNaN(peer) ? '' : (added / peer).toFixed(1),
      ];
    }),
  };
}
