import { spawn } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { currentIdentity } from '../../src/identity/read-identity.ts';
import { formatIdentity } from '../../src/identity/process-identity.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand } from './support/run-command.ts';
import { testPrograms } from './support/test-programs.ts';
import { trialCount, trialsTimeoutMs } from './support/trials.ts';

describe.skipIf(whyNot !== undefined)(`a pid that was used again${notRun}`, () => {
  const programs = testPrograms('pid-reuse');
  beforeAll(programs.compile);
  afterAll(programs.remove);

  const rounds = trialCount(0.5);
  test(
    `is never signalled, in ${rounds} rounds of trees and innocents that take turns with the same pids`,
    async () => {
      await using tracker = createProcessTracker();
      const { env } = tracker;
      const result = await runCommand(programs.path('pid-reuse'), [helperPath, String(rounds)], { env });
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      const [, reused, harmed] = /reused (\d+) harmed (\d+)/.exec(result.stdout) ?? [];
      // Otherwise nothing was tried.
      expect(Number(reused)).toBeGreaterThan(rounds);
      expect(Number(harmed)).toBe(0);
    },
    trialsTimeoutMs(rounds),
  );

  // The pid of this very process, which lives, but at another time.
  const { startTime, ...rest } = currentIdentity();
  const former = formatIdentity({ ...rest, startTime: startTime - 1 });

  test('watch says at once that the former process is dead', async () => {
    await using tracker = createProcessTracker();
    const watcher = spawn(helperPath, ['watch'], { env: tracker.env, stdio: ['pipe', 'pipe', 'inherit'] });
    const output = readOutput(watcher);
    watcher.stdin.write(`add ${former}\n`);
    await output.until(/dead .*\n/);
    expect(output.text()).toBe(`ready\ndead ${former}\n`);
    watcher.stdin.end();
  });

  test('run takes the former process for a dead client and starts nothing', async () => {
    await using tracker = createProcessTracker();
    const args = ['run', '--client', former, '--', 'echo', 'started'];
    expect(await runCommand(helperPath, args, { env: tracker.env })).toMatchObject({
      exitCode: 125,
      stdout: '',
      stderr: 'proc-guard: the client has already ended; nothing was started.\n',
    });
  });
});
