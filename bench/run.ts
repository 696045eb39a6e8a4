/**
 * `pnpm bench [name…] [--small] [--sizes 10000,100000] [--list]`: prints medians and spread, each figure beside a peer or a bare
 * program that was measured in the same run. `--small` takes few samples: it shows that the benchmark works,
 * not how fast anything is. `--sizes` takes only these of what is measured at several sizes.
 */
import { cpus, release, totalmem } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { formatTable } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const sizes = values.sizes?.split(',').map(Number);
if (sizes?.some((size) => !Number.isSafeInteger(size) || size < 0)) {
  process.stderr.write('bench: --sizes takes whole numbers, with commas between them.\n');
  process.exit(2);
}
const names = Object.keys(benchmarks);
const unknown = positionals.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(`bench: unknown benchmark ${unknown.join(', ')}; there are ${names.join(', ')}.\n`);
  process.exit(2);
}
if (values.list) {
  process.stdout.write(`${names.join('\n')}\n`);
  process.exit(0);
}

process.stdout.write(
  `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB\n`,
);
for (const [name, load] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const benchmark = await load();
  process.stdout.write(`\n## ${name}\n\n${formatTable(await benchmark({ small: values.small, sizes }))}\n`);
}
