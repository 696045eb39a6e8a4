import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand, type CommandResult } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';
import { runTreeTrial } from './support/tree-trial.ts';
import { notContained, whyNotContained } from './support/why-not-contained.ts';
import { firstSeed, trialCount, trialsTimeoutMs } from './support/trials.ts';

async function run(...args: readonly string[]): Promise<CommandResult> {
  await using tracker = createProcessTracker();
  const result = await runCommand(helperPath, ['run', ...args], { env: tracker.env });
  await tracker.untilNoneIsLeft();
  return result;
}

describe.each(['namespace', 'cgroup'] as const)('contain %s', (containment) => {
  const reason = whyNotContained(containment);
  const programs = testPrograms('client', 'random-tree');
  beforeAll(reason === undefined ? programs.compile : () => undefined);
  afterAll(programs.remove);

  // The guard's own end is what these two are for; the client's is tried with every tree as well.
  const counts = { guard: trialCount(0.25), client: trialCount(0.1) } as const;
  const flags = ['--contain', containment];
  describe.skipIf(reason !== undefined)(`here${notContained(containment)}`, () => {
    test.each([
      ['guard', counts.guard],
      ['client', counts.client],
    ] as const)(
      `the %s killed with SIGKILL, %s times from seed ${firstSeed}: nothing survives`,
      async (victim, count) => {
        for (let trial = 0; trial < count; trial += 1) {
          const seed = firstSeed + trial;
          const left = await runTreeTrial({ seed, programs, flags, victim });
          expect(left, `survivors of seed ${seed}`).toEqual([]);
        }
      },
      trialsTimeoutMs(counts.guard),
    );

    test('gives the same exit codes as a tree', async () => {
      expect(await run(...flags, '--', 'sh', '-c', 'exit 9')).toMatchObject({ exitCode: 9, signal: null });
      expect(await run(...flags, '--', 'sh', '-c', 'kill -KILL $$')).toMatchObject({ signal: 'SIGKILL' });
      expect(await run(...flags, '--', 'sh', '-c', 'kill -TERM $$')).toMatchObject({ signal: 'SIGTERM' });
      expect(await run(...flags, '--', 'nonexistent-command')).toMatchObject({
        exitCode: 127,
        stderr: 'proc-guard: nonexistent-command: command not found\n',
      });
      expect(await run(...flags, '--', '/etc/passwd')).toMatchObject({
        exitCode: 126,
        stderr: 'proc-guard: /etc/passwd: cannot be executed: permission denied\n',
      });
    });

    test('ends what the command left behind', async () => {
      expect(await run(...flags, '--', 'sh', '-c', 'setsid sleep 60 & exit 3')).toMatchObject({
        exitCode: 3,
      });
    });

    test('reports what was chosen', async () => {
      const { stderr } = await run(...flags, '--report', '--', 'true');
      expect(stderr).toMatch(
        containment === 'namespace'
          ? /^proc-guard: contain=namespace proc=(fresh|inherited)\n$/
          : /^proc-guard: contain=cgroup\n$/,
      );
    });
  });
});

describe.skipIf(whyNotContained('namespace') !== undefined)(`namespace${notContained('namespace')}`, () => {
  test('the command sees only its own tree', async () => {
    const { stdout } = await run(
      '--contain',
      'namespace',
      '--report',
      '--',
      'sh',
      '-c',
      'echo $$; echo /proc/[0-9]*',
    );
    expect(stdout).toBe('2\n/proc/1 /proc/2\n');
  });

  test('signals reach the command', async () => {
    await using tracker = createProcessTracker();
    const script = 'trap "echo told; exit 4" TERM; echo ready; while :; do sleep 0.01; done';
    const child = spawn(
      helperPath,
      ['run', '--contain', 'namespace', '--grace-ms', '30000', '--', 'sh', '-c', script],
      {
        env: tracker.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const output = readOutput(child);
    await output.until(/ready/);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([4, null]);
    expect(output.text()).toBe('ready\ntold\n');
  });
});

describe.skipIf(whyNotContained('cgroup') !== undefined)(`cgroup${notContained('cgroup')}`, () => {
  test('no group stays behind, also when the guard was killed', async () => {
    await using tracker = createProcessTracker();
    const child = spawn(
      helperPath,
      ['run', '--contain', 'cgroup', '--', 'sh', '-c', 'cat /proc/self/cgroup; exec sleep 60'],
      {
        env: tracker.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [, name] = await readOutput(child).until(/^0::.*\/(proc-guard-\S+)$/m);
    const [, mount] =
      /^\d+ \d+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8')) ?? [];
    const [, group] = /^0::(\S+)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
    const groups = (): readonly string[] => readdirSync(`${mount}${group}`);
    expect(groups()).toContain(name);
    child.kill('SIGKILL');
    await tracker.untilNoneIsLeft();
    expect(groups()).not.toContain(name);
  });
});

describe.skipIf(whyNot !== undefined)(`contain tree${notRun}`, () => {
  const programs = testPrograms('client', 'random-tree');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  test('with the guard killed the command is gone, and the rest carries its cookie', async () => {
    await using tracker = createProcessTracker();
    const script = 'echo command $$; sleep 60 & echo left $!; wait';
    const child = spawn(helperPath, ['run', '--', 'sh', '-c', script], {
      env: tracker.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = readOutput(child);
    const [, left] = await output.until(/^left (\d+)$/m);
    child.kill('SIGKILL');
    await once(child, 'exit');
    while (tracker.living().length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(tracker.living().map(({ pid }) => String(pid))).toEqual([left]);
    const variables = readFileSync(`/proc/${left}/environ`, 'utf8').split('\0');
    expect(variables.filter((variable) => variable.startsWith('ENDWELL_GUARD='))).toEqual([
      expect.stringMatching(new RegExp(`^ENDWELL_GUARD=[0-9a-f-]{36}:\\d+:\\d+:\\d+/${child.pid}\\.\\d+$`)),
    ]);
  });

  test('auto is a cgroup where it is delegated, else a tree, and says which', async () => {
    const delegated = whyNotContained('cgroup') === undefined;
    const { stderr } = await run('--contain', 'auto', '--report', '--', 'true');
    expect(stderr).toBe(`proc-guard: contain=${delegated ? 'cgroup' : 'tree'}\n`);
  });
});
