/**
 * `pnpm bench [name…] [--small]`: prints medians and spread, each figure beside a peer or a bare program that
 * was measured in the same run. `--small` takes few samples: it shows that the benchmark works, not how fast
 * anything is.
 */
import { cpus, release, totalmem } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { formatTable, type Table } from './table.ts';
import { benchmarkIdleCost } from './proc-guard/benchmark-idle-cost.ts';
import { benchmarkLeftBehind } from './proc-guard/benchmark-left-behind.ts';
import { benchmarkRetry } from './proc-guard/benchmark-retry.ts';
import { benchmarkStartCost } from './proc-guard/benchmark-start-cost.ts';
import { benchmarkTreeEnd } from './proc-guard/benchmark-tree-end.ts';
import { benchmarkStartup } from './startup/benchmark-startup.ts';

export interface BenchmarkOptions {
  readonly small: boolean;
}

const benchmarks: Readonly<Record<string, (options: BenchmarkOptions) => Promise<Table>>> = {
  startup: benchmarkStartup,
  'tree-end': benchmarkTreeEnd,
  'left-behind': benchmarkLeftBehind,
  'start-cost': benchmarkStartCost,
  'idle-cost': benchmarkIdleCost,
  retry: benchmarkRetry,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: unknown benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exit(2);
}

process.stdout.write(
  `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB\n`,
);
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stdout.write(`\n## ${name}\n\n${formatTable(await benchmark({ small: values.small }))}\n`);
}
