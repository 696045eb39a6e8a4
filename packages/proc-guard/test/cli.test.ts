import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { exitCodeTable } from '../src/cli/exit-codes.ts';
import { commands } from '../src/cli/run-cli.ts';
import { eventually } from './support/eventually.ts';
import { createProcessTracker } from './support/process-tracker.ts';
import { hasHelper, helperModes } from './support/helper-modes.ts';
import { launcherPath } from './native/support/native-helper.ts';
import { runCommand } from './native/support/run-command.ts';
import { runCli, runCliHere } from './support/run-cli.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('--help names every command, has examples and the table of exit codes', async () => {
  const { code, stdout } = await runCliHere(['--help']);
  expect(code).toBe(0);
  for (const { name, summary } of commands) expect(stdout).toContain(`  ${name.padEnd(6)}  ${summary}`);
  for (const [exitCode, meaning] of exitCodeTable)
    expect(stdout).toContain(`${exitCode.padEnd(5)}  ${meaning}`);
  expect(stdout).toContain('Examples:');
  expect((await runCliHere(['--version'])).stdout).toBe(`proc-guard ${version}\n`);
});

test.each(commands.map(({ name }) => name))('%s --help has a usage line and examples', async (name) => {
  const { code, stdout } = await runCliHere([name, '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Usage: proc-guard ${name} `));
  expect(stdout).toMatch(/\nExamples?:\n/);
});

describe.skipIf(!hasHelper)('through the launcher, with the native helper', () => {
  test.each(
    commands.flatMap(({ name, help }) => [[name, '--help', help] as const, [name, '-h', help] as const]),
  )('%s %s prints the same', async (name, flag, help) => {
    await using tracker = createProcessTracker();
    const { exitCode, stdout, stderr } = await runCommand(launcherPath, [name, flag], { env: tracker.env });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: help, stderr: '' });
  });
});

test.each([
  [['nonsense'], 'unknown command nonsense'],
  [['--nonsense'], 'unknown flag --nonsense'],
  [['ps', '--yaml'], 'ps: unknown flag --yaml'],
  [['ps', 'all'], 'ps: unexpected argument all'],
  [['reap', 'node'], 'reap: node is no process id'],
  [['reap', '--grace-ms', '-1'], 'reap: --grace-ms must be a number of milliseconds, not -1'],
  [['reap', '--grace-ms'], 'reap: --grace-ms needs a value'],
  [['doctor', '--fix'], 'doctor: unknown flag --fix'],
])('%j exits with 2 and one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await runCliHere(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.startsWith(`proc-guard: ${sentence}`)).toBe(true);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('without a command it shows the help as an error', async () => {
  const { code, stdout, stderr } = await runCliHere([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: proc-guard <command>');
});

test('doctor says what works, and its exit code whether something is missing', async () => {
  const off = await runCli(['doctor', '--json'], { ...process.env, PROC_GUARD_NATIVE: 'off' });
  expect(off.code).toBe(1);
  expect(JSON.parse(off.stdout)).toMatchObject({
    layers: { guard: 'fallback', watcher: 'none' },
    containment: {
      tree: { available: false },
      namespace: { available: false },
      cgroup: { available: false },
    },
  });
  const plain = await runCli(['doctor'], { ...process.env, PROC_GUARD_NATIVE: 'off' });
  expect(plain.stdout).toContain('weaker here: ');
  expect(plain.stdout).toContain('to get it:');
});

describe.each(helperModes)('run on Node, $mode', ({ env }) => {
  const run = (...args: string[]): ReturnType<typeof runCli> =>
    runCli(['run', ...args], { ...process.env, ...env });

  test('the command’s output and exit code are its own', async () => {
    expect(await run('--', 'sh', '-c', 'echo out; echo err >&2; exit 7')).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('127 for a command that does not exist, 126 for one that cannot be executed, 2 for a bad flag', async () => {
    expect(await run('--', 'does-not-exist')).toMatchObject({
      code: 127,
      stderr: 'proc-guard: does-not-exist: command not found\n',
    });
    expect((await run('--', '/etc/passwd')).code).toBe(126);
    expect((await run('--nonsense', '--', 'true')).code).toBe(2);
    expect((await run('--grace-ms', 'soon', '--', 'true')).code).toBe(2);
    expect((await run('--contain', 'jail', '--', 'true')).code).toBe(2);
    expect((await run('--')).code).toBe(2);
    expect((await run('--', '')).code).toBe(127);
  });

  test('a huge environment arrives whole', async () => {
    const huge = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`HUGE_${index}`, 'x'.repeat(2_000)]),
    );
    const script = 'env | grep -c ^HUGE_';
    expect(await runCli(['run', '--', 'sh', '-c', script], { ...process.env, ...huge, ...env })).toEqual({
      code: 0,
      stdout: '500\n',
      stderr: '',
    });
  });

  test('a signal’s end is passed on', async () => {
    const child = spawn(process.execPath, [main, 'run', '--', 'sh', '-c', 'kill -TERM $$'], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });

  test('stdin goes through, and its end is no reason to end the command', async () => {
    await using tracker = createProcessTracker(env);
    const child = spawn(process.execPath, [main, 'run', '--', 'sh', '-c', 'cat; sleep 1.5; echo done'], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end('hello\n');
    expect(await text(child.stdout)).toBe('hello\ndone\n');
  });

  test('TERM ends the whole tree', async () => {
    await using tracker = createProcessTracker(env);
    const child = spawn(
      process.execPath,
      [main, 'run', '--grace-ms', '200', '--', 'sh', '-c', 'sleep 300 & setsid sleep 300 & echo ready; wait'],
      { env: tracker.env, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
    await tracker.untilNoneIsLeft();
  });
});

test('without the helper, what cannot be had is refused with 125', async () => {
  const env = { ...process.env, PROC_GUARD_NATIVE: 'off' };
  for (const args of [
    ['run', '--contain', 'namespace', '--', 'true'],
    ['run', '--single-instance', 'x', '--', 'true'],
    ['exec', '--', 'true'],
  ]) {
    const { code, stderr } = await runCli(args, env);
    expect(code).toBe(125);
    expect(stderr).toContain('needs the native helper');
  }
});

test('without the helper, detach starts a session of its own without the cookie', async () => {
  await using tracker = createProcessTracker({ PROC_GUARD_NATIVE: 'off', ENDWELL_GUARD: 'x' });
  const script = 'echo "${ENDWELL_GUARD-none} $ENDWELL_DETACHED"; exec sleep 300 >/dev/null';
  const child = spawn(process.execPath, [main, 'detach', '--', 'sh', '-c', script], {
    env: tracker.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await output).toBe('none 1\n');
  // The pipe closes a moment before the shell has become `sleep`.
  await eventually(
    () => (tracker.living()[0]?.commandLine === 'sleep 300' ? true : undefined),
    'the shell has become sleep',
  );
  expect(tracker.living()).toHaveLength(1);
});
