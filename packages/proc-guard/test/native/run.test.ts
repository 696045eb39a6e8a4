import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createProcessTracker, type ProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand, type CommandResult } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';

describe.skipIf(whyNot !== undefined)(`run${notRun}`, () => {
  const programs = testPrograms('interactive');
  let tracker: ProcessTracker;
  beforeAll(programs.compile);
  afterAll(programs.remove);
  beforeEach(() => {
    tracker = createProcessTracker();
  });
  afterEach(async () => {
    try {
      await tracker.untilNoneIsLeft();
    } finally {
      await tracker[Symbol.asyncDispose]();
    }
  });

  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand(helperPath, ['run', ...args], { env: tracker.env });

  test.each([0, 1, 7, 125, 255])('exits with the code of the command: %i', async (code) => {
    expect(await run('--', 'sh', '-c', `exit ${code}`)).toMatchObject({ exitCode: code, signal: null });
  });

  test.each(['SIGTERM', 'SIGKILL', 'SIGSEGV', 'SIGUSR1'] as const)(
    'dies by %s as the command did',
    async (signal) => {
      const result = await run('--', 'sh', '-c', `kill -${constants.signals[signal]} $$`);
      expect(result).toMatchObject({ exitCode: null, signal });
    },
  );

  test.each([
    [['nonexistent-command'], 127, 'proc-guard: nonexistent-command: command not found\n'],
    [[''], 127, 'proc-guard: : command not found\n'],
    [['/etc/passwd'], 126, 'proc-guard: /etc/passwd: cannot be executed: permission denied\n'],
    [['/'], 126, 'proc-guard: /: cannot be executed: permission denied\n'],
    [[], 2, 'proc-guard: run needs a command; see proc-guard run --help.\n'],
    [['--'], 2, 'proc-guard: run needs a command; see proc-guard run --help.\n'],
    [['--what', 'true'], 2, "proc-guard: unknown flag '--what'; see proc-guard run --help.\n"],
    [['--grace-ms'], 2, 'proc-guard: --grace-ms needs a value.\n'],
    [['--grace-ms', '-1', 'true'], 2, /^proc-guard: --grace-ms takes a whole number .* not '-1'\.\n$/],
    [['--grace-ms=1e3', 'true'], 2, /not '1e3'/],
    [['--grace-ms=86400001', 'true'], 2, /from 0 to 86400000/],
    [['--contain', 'jail', 'true'], 2, /takes tree, namespace, cgroup or auto, not 'jail'/],
    [['--client', '1234', 'true'], 2, /--client takes an identity/],
    [['--parent', '0', 'true'], 2, /--parent takes a pid/],
    [['--single-instance', 'a/b', 'true'], 2, /--single-instance takes a name/],
  ] as const)('%j is answered in one sentence', async (args, exitCode, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toMatch(message);
    // One sentence, one line.
    expect(result.stderr.split('\n')).toEqual([expect.stringMatching(/^proc-guard: /), '']);
  });

  test('ends what the command left behind, then exits with its code', async () => {
    const result = await run(
      '--grace-ms',
      '50',
      '--',
      'sh',
      '-c',
      '(trap "" TERM; sleep 60) & setsid sleep 60 & exit 3',
    );
    expect(result.exitCode).toBe(3);
    expect(tracker.living()).toEqual([]);
  });

  test('gives what is left the chance to end by itself', async () => {
    // It waits without a child: one that is just being started would not have heard the TERM.
    const left = '(trap "echo cleaned; exit" TERM; echo up; read never <&3) &';
    const child = spawn(
      helperPath,
      ['run', '--grace-ms', '30000', '--', 'sh', '-c', `${left} read line; exit 3`],
      {
        env: tracker.env,
        stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      },
    );
    const output = readOutput(child);
    await output.until(/up/);
    child.stdin?.end('go\n');
    const closed = once(child, 'close');
    await once(child, 'exit');
    child.stdio[3]?.destroy();
    expect(await closed).toEqual([3, null]);
    expect(output.text()).toBe('up\ncleaned\n');
  });

  test('starts nothing when the parent that it was told to expect is another', async () => {
    const result = await run('--parent', '1', '--', 'echo', 'started');
    expect(result).toMatchObject({ exitCode: 125, stdout: '' });
    expect(result.stderr).toBe('proc-guard: the client has already ended; nothing was started.\n');
  });

  test('a second guard of the same name is refused; the name is free when the first has gone', async () => {
    const name = `test-${process.pid}`;
    const first = spawn(helperPath, ['run', '--single-instance', name, programs.path('interactive')], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await readOutput(first).until(/ready/);
    const second = await run('--single-instance', name, '--', 'echo', 'started');
    expect(second).toMatchObject({ exitCode: 75, stdout: '' });
    expect(second.stderr).toBe(`proc-guard: another instance of '${name}' is running.\n`);
    first.kill('SIGKILL');
    await once(first, 'close');
    expect(await run('--single-instance', name, '--', 'echo', 'started')).toMatchObject({ exitCode: 0 });
  });

  test('forwards the signals that a process sends, each once', async () => {
    const child = spawn(helperPath, ['run', '--grace-ms', '30000', programs.path('interactive'), 'ituw'], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const output = readOutput(child);
    await output.until(/ready/);
    for (const signal of ['SIGINT', 'SIGUSR1', 'SIGWINCH', 'SIGTERM'] as const) {
      child.kill(signal);
      const expected =
        signal === 'SIGWINCH' ? /size 0x0/ : new RegExp(`signal ${constants.signals[signal]}\\n`);
      await output.until(expected);
    }
    child.stdin.write('count\n');
    await output.until(/got count 4/);
    child.stdin.write('q\n');
    expect(await once(child, 'close')).toEqual([7, null]);
  });

  test('what does not end by TERM is killed when the grace is over', async () => {
    const child = spawn(helperPath, ['run', '--grace-ms', '100', programs.path('interactive'), 't'], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const output = readOutput(child);
    await output.until(/ready/);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    // Told at once, and once more before the end.
    expect(output.text().match(/signal 15/g)).toHaveLength(2);
  });

  test('INT from a process is for the command alone', async () => {
    const child = spawn(helperPath, ['run', '--grace-ms', '0', programs.path('interactive'), 'i'], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const output = readOutput(child);
    await output.until(/ready/);
    child.kill('SIGINT');
    await output.until(/signal 2/);
    child.stdin.write('still here\n');
    await output.until(/got still here 1/);
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
