/**
 * `pnpm soak [file…]`: the randomised tests at the size of a night, each of which `npm test` runs small.
 * A failure prints the seed; PROC_GUARD_SEED repeats it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from './pack-packages.ts';

const files = process.argv.slice(2);
const { status, error } = spawnSync(
  'vitest',
  [
    'run',
    ...(files.length > 0
      ? files
      : ['random-trees', 'containment', 'orphan-matrix', 'transparency', 'pid-reuse']),
  ],
  {
    cwd: join(repositoryRoot, 'packages', 'proc-guard'),
    stdio: 'inherit',
    env: { PROC_GUARD_TRIALS: '2000', PROC_GUARD_MATRIX_COUNT: '20', ...process.env },
  },
);
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
