import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import { formatSummary, type Summary } from '../samples.ts';
import type { Table } from '../table.ts';
import { kinds } from './expiring-entries.ts';
import type { ExpiryFigures } from './measure-expiry.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('measure-expiry.ts', import.meta.url));

/**
 * Live entries, of which a tenth end over ten seconds: what each entry costs, how fast it is touched, how late
 * it goes. The caches keep no history, have no reason, and forget what they held.
 */
export async function benchmarkExpiry({ small, sizes: chosen }: BenchmarkOptions): Promise<Table> {
  const sizes = chosen ?? (small ? [5_000] : [10_000, 100_000, 1_000_000]);
  const rows: string[][] = [];
  for (const size of sizes) {
    for (const kind of Object.keys(kinds)) {
      // Every start is a transaction there, so that a million would take minutes and show no more.
      if (kind.includes('SQLite') && size > 100_000) continue;
      const ending = kind.includes('SQLite') && size === 100_000 ? 100_000 : Math.min(100_000, size / 10);
      const figures = await measure(kind, size, ending);
      rows.push([
        kind,
        size.toLocaleString('en'),
        `${figures.bytesPerEntry.toFixed(0)} B`,
        formatSummary(scaled(figures.touchesPerSecond, 1_000), 'k/s'),
        `${figures.ended.toLocaleString('en')} of ${ending.toLocaleString('en')}, ${figures.doubled} twice`,
        `${figures.latenessP50Ms.toFixed(0)} ms, ${figures.latenessP99Ms.toFixed(0)} ms`,
        `${figures.heapGrowthMb.toFixed(1)} MB`,
      ]);
    }
  }
  return {
    columns: [
      'entries that expire',
      'live',
      'heap each',
      'touches',
      'ended over 10 s',
      'late p50, p99',
      'heap after',
    ],
    rows,
  };
}

function scaled({ median, low, high, count }: Summary, by: number): Summary {
  return { median: median / by, low: low / by, high: high / by, count };
}

async function measure(kind: string, live: number, ending: number): Promise<ExpiryFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  try {
    const { stdout } = await run(
      programs.node,
      [
        '--conditions=@endwell/source',
        '--expose-gc',
        '--max-old-space-size=8192',
        program,
        kind,
        String(live),
        String(ending),
        join(folder, 'endwell.db'),
      ],
      { timeout: 900_000 },
    );
    return JSON.parse(stdout) as ExpiryFigures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
