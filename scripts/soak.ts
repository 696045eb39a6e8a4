/**
 * `pnpm soak [suite…] [-- vitest arguments]`: the randomised tests at the size of a night, each of which
 * `npm test` runs small. A failure prints the seed, and the variable that repeats it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from './pack-packages.ts';

interface Suite {
  /** The package, from the root of the repository. */
  readonly folder: string;
  /** Which test files, as vitest filters them. */
  readonly files: readonly string[];
  /** What makes them large; a variable that is set already wins. */
  readonly env: Readonly<Record<string, string>>;
}

const suites: Readonly<Record<string, Suite>> = {
  'proc-guard': {
    folder: 'packages/proc-guard',
    files: ['random-trees', 'containment', 'orphan-matrix', 'transparency', 'pid-reuse'],
    env: { PROC_GUARD_TRIALS: '2000', PROC_GUARD_MATRIX_COUNT: '20' },
  },
  'session-core': {
    folder: 'packages/session-core',
    files: ['simulation', 'kill-storm', 'open-together'],
    env: {
      SESSION_CORE_STEPS: '50000000',
      SESSION_CORE_SQLITE_STEPS: '1000000',
      SESSION_CORE_STORM_SECONDS: '60',
      SESSION_CORE_OPENERS: '16',
      SESSION_CORE_OPEN_ROUNDS: '100',
    },
  },
  cascade: {
    folder: 'packages/session-core',
    files: ['cascade'],
    env: {
      SESSION_CORE_CASCADE_PROCESSES: '100',
      SESSION_CORE_CASCADE_PACE_MS: '1000',
      SESSION_CORE_CASCADE_MS: '60000',
    },
  },
  'mcp-knowledge-server': {
    folder: 'services/mcp-knowledge-server',
    files: ['test/life', 'test/many-writers'],
    env: { MCP_LIFE_TRIALS: '100', MCP_WRITES: '2000' },
  },
  'diary-api': {
    folder: 'services/diary-api',
    files: ['test/fuzz', 'test/durability'],
    env: { DIARY_FUZZ_REQUESTS: '20000', DIARY_KILL_WRITES: '2000', DIARY_STEADY_SECONDS: '600' },
  },
  retrieval: {
    folder: 'e2e',
    files: ['retrieval'],
    env: { RETRIEVAL_WHOLE: '1' },
  },
};

const separator = process.argv.indexOf('--', 2);
const named = process.argv.slice(2, separator === -1 ? undefined : separator);
const vitestArguments = separator === -1 ? [] : process.argv.slice(separator + 1);
const unknown = named.filter((name) => !(name in suites));
if (unknown.length > 0) {
  process.stderr.write(
    `soak: unknown suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.\n`,
  );
  process.exit(2);
}

for (const [name, { folder, files, env }] of Object.entries(suites)) {
  if (named.length > 0 && !named.includes(name)) continue;
  process.stdout.write(`\n── ${name}\n`);
  const { status, error } = spawnSync('vitest', ['run', ...files, ...vitestArguments], {
    cwd: join(repositoryRoot, folder),
    stdio: 'inherit',
    env: { ...env, ...process.env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = status ?? 1;
}
