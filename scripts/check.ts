/**
 * Every check of the repository, in the order in which a failure is cheapest to find. All of them run,
 * also after one has failed, and the last lines say which. `npm test -- lint unit` runs the named ones only.
 */
import os from 'node:os';
import process from 'node:process';

import { checkBoundaries } from './check-boundaries.ts';
import { checkPackages } from './check-packages.ts';
import { runAndCollect } from './checks/run-and-collect.ts';

interface CheckResult {
  readonly passed: boolean;
  /** What the last lines of the whole run repeat, so that a failure is found at the end of a long log. */
  readonly failures: readonly string[];
}

interface Check {
  readonly name: string;
  readonly run: () => Promise<CheckResult>;
}

const program =
  (command: string, ...args: string[]) =>
  (): Promise<CheckResult> =>
    runAndCollect(command, args);
const turbo = (...args: string[]): (() => Promise<CheckResult>) => program('turbo', 'run', ...args);
const own = (check: () => Promise<boolean>) => async (): Promise<CheckResult> => ({
  passed: await check(),
  failures: [],
});

/**
 * Tests that start and kill real processes can fail because the machine was taken away from them. Then
 * only the packages that failed run again, once, and the last lines name what failed the first time
 * (docs/decisions/0004-a-failed-test-run-is-repeated-once.md).
 */
const onceMore = (run: () => Promise<CheckResult>) => async (): Promise<CheckResult> => {
  const first = await run();
  if (first.passed) return first;
  process.stdout.write('\n── the packages that failed run once more\n');
  const { passed, failures } = await run();
  const said = first.failures.map((failure) => `the first time: ${failure}`);
  return { passed, failures: [...said, ...failures] };
};

const checks: readonly Check[] = [
  { name: 'format', run: program('oxfmt', '--check', '.') },
  { name: 'lint', run: program('oxlint', '--type-aware', '--deny-warnings', '.') },
  { name: 'unused', run: program('knip') },
  { name: 'boundaries', run: own(checkBoundaries) },
  { name: 'build', run: turbo('build', '--output-logs=errors-only') },
  { name: 'typecheck', run: turbo('typecheck', '//#typecheck', '--output-logs=errors-only') },
  { name: 'packages', run: own(checkPackages) },
  // One package at a time: the tests start many processes, and a machine may have two cores.
  {
    name: 'unit',
    run: onceMore(
      turbo('test', '--continue', '--concurrency=1', '--output-logs=new-only', '--filter=!@endwell/e2e'),
    ),
  },
  {
    name: 'end-to-end',
    run: onceMore(turbo('test', '--output-logs=new-only', '--filter=@endwell/e2e')),
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `check: unknown check ${unknown.join(', ')}; there are ${checks.map((check) => check.name).join(', ')}.\n`,
  );
  process.exit(2);
}

const results: (CheckResult & { readonly name: string; readonly seconds: number })[] = [];
for (const check of checks) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue;
  process.stdout.write(`\n── ${check.name}\n`);
  const startedAt = performance.now();
  const result = await check.run();
  results.push({ name: check.name, ...result, seconds: (performance.now() - startedAt) / 1000 });
}

const gib = (os.totalmem() / 2 ** 30).toFixed(1);
const clocks = `uptime ${Math.round(os.uptime())} s, monotonic ${Math.round(Number(process.hrtime.bigint()) / 1e9)} s`;
process.stdout.write(
  `\nmachine: ${os.type()} ${os.release()}, Node.js ${process.version}, ${os.availableParallelism()} × ` +
    `${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${gib} GiB, load ${os.loadavg()[0]?.toFixed(1)}, ${clocks}\n`,
);
for (const { name, failures } of results) {
  for (const failure of failures) process.stdout.write(`${name}: ${failure}\n`);
}
for (const { name, passed, seconds } of results) {
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.toFixed(1)} s\n`);
}
const failed = results.filter((result) => !result.passed).length;
process.stdout.write(`checks: ${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
