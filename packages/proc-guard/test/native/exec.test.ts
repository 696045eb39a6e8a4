import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';

describe.skipIf(whyNot !== undefined)(`exec and detach${notRun}`, () => {
  const programs = testPrograms('client', 'interactive');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  test('exec: the command dies with its parent, although its stdin stays open', async () => {
    await using tracker = createProcessTracker();
    const command = [helperPath, 'exec', '--parent', '{client}', '--', programs.path('interactive'), 'ith'];
    const client = spawn(programs.path('client'), command, {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await readOutput(client).until(/ready/);
    client.kill('SIGKILL');
    await once(client, 'exit');
    await expect.poll(() => tracker.living(), { timeout: 40_000 }).toEqual([]);
    client.stdin.destroy();
  });

  test.each([
    [
      ['exec', '--parent', '1', '--', 'true'],
      125,
      'proc-guard: the parent has already ended; nothing was started.\n',
    ],
    [['exec', '--', 'nonexistent-command'], 127, 'proc-guard: nonexistent-command: command not found\n'],
    [['exec', '/etc/passwd'], 126, 'proc-guard: /etc/passwd: cannot be executed: permission denied\n'],
    [['exec'], 2, 'proc-guard: exec needs a command.\n'],
    [
      ['exec', '--what', 'x'],
      2,
      "proc-guard: exec does not know the flag '--what', or its value is wrong.\n",
    ],
    [['detach'], 2, 'proc-guard: detach needs a command.\n'],
    [['detach', '--', 'nonexistent-command'], 127, 'proc-guard: nonexistent-command: command not found\n'],
    [['fly'], 2, "proc-guard: unknown role 'fly'; see proc-guard-native --help.\n"],
    [[], 2, "proc-guard: unknown role ''; see proc-guard-native --help.\n"],
  ] as const)('%j', async (args, exitCode, stderr) => {
    await using tracker = createProcessTracker();
    expect(await runCommand(helperPath, args, { env: tracker.env })).toMatchObject({
      exitCode,
      stderr,
      stdout: '',
    });
  });

  test.each(['exec', 'detach'])('%s leaves --help behind its command to that', async (role) => {
    await using tracker = createProcessTracker();
    const args = [role, '--', 'sh', '-c', 'echo "$1"', 'sh', '--help'];
    expect(await runCommand(helperPath, args, { env: tracker.env })).toMatchObject({
      exitCode: 0,
      stdout: '--help\n',
    });
  });

  test('help and version are shown', async () => {
    await using tracker = createProcessTracker();
    const { env } = tracker;
    expect(await runCommand(helperPath, ['--version'], { env })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^proc-guard-native \d+\.\d+\.\d+\S*\n$/),
    });
    for (const args of [
      ['--help'],
      ['run', '--help'],
      ['watch', '-h'],
      ['signal', '--help'],
      ['client', '--help'],
    ]) {
      const { exitCode, stdout } = await runCommand(helperPath, args, { env });
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples:/);
    }
  });
});
