/**
 * Every check of the repository, in the order in which a failure is cheapest to find. All of them run,
 * also after one has failed, and the last lines say which. `npm test -- lint unit` runs the named ones only.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { checkBoundaries } from './check-boundaries.ts';
import { checkPackages } from './check-packages.ts';

interface Check {
  readonly name: string;
  readonly run: () => Promise<boolean>;
}

const turbo = (...args: string[]): (() => Promise<boolean>) => program('turbo', 'run', ...args);

const checks: readonly Check[] = [
  { name: 'format', run: program('oxfmt', '--check', '.') },
  { name: 'lint', run: program('oxlint', '--type-aware', '--deny-warnings', '.') },
  { name: 'unused', run: program('knip') },
  { name: 'boundaries', run: checkBoundaries },
  { name: 'build', run: turbo('build', '--output-logs=errors-only') },
  { name: 'typecheck', run: turbo('typecheck', '//#typecheck', '--output-logs=errors-only') },
  { name: 'packages', run: checkPackages },
  // One package at a time: the tests start many processes, and a machine may have two cores.
  {
    name: 'unit',
    run: turbo('test', '--continue', '--concurrency=1', '--output-logs=new-only', '--filter=!@endwell/e2e'),
  },
  { name: 'end-to-end', run: turbo('test', '--output-logs=new-only', '--filter=@endwell/e2e') },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `check: unknown check ${unknown.join(', ')}; there are ${checks.map((check) => check.name).join(', ')}.\n`,
  );
  process.exit(2);
}

const results: { readonly name: string; readonly passed: boolean; readonly seconds: number }[] = [];
for (const check of checks) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue;
  process.stdout.write(`\n── ${check.name}\n`);
  const startedAt = performance.now();
  const passed = await check.run();
  results.push({ name: check.name, passed, seconds: (performance.now() - startedAt) / 1000 });
}

process.stdout.write('\n');
for (const { name, passed, seconds } of results) {
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.toFixed(1)} s\n`);
}
const failed = results.filter((result) => !result.passed).length;
process.stdout.write(`checks: ${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function program(command: string, ...args: string[]): () => Promise<boolean> {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('error', reject);
      child.once('close', (code) => resolve(code === 0));
    });
}
