import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, test } from 'vitest';

import { formatIdentity, readIdentity } from '../../src/index.ts';
import { createProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { runCommand } from './support/run-command.ts';

async function startSleeper(env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; identity: string }> {
  const child = spawn('sh', ['-c', 'echo ready; exec sleep 1000'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return { child, identity: identityOf(child) };
}

function identityOf({ pid = 0 }: ChildProcess): string {
  const identity = readIdentity(pid);
  if (identity === undefined) throw new Error(`process ${pid} has no identity`);
  return formatIdentity(identity);
}

describe.skipIf(whyNot !== undefined)(`the native helper's signal${notRun}`, () => {
  const signal = (...args: readonly string[]): ReturnType<typeof runCommand> =>
    runCommand(helperPath, ['signal', ...args], { env: process.env });

  test('reaches each process that is named, and says so', async () => {
    await using tracker = createProcessTracker();
    const one = await startSleeper(tracker.env);
    const other = await startSleeper(tracker.env);
    const exits = [once(one.child, 'exit'), once(other.child, 'exit')];
    const result = await signal('SIGTERM', one.identity, other.identity);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: `sent ${one.identity}\nsent ${other.identity}\n`,
      stderr: '',
    });
    await expect(Promise.all(exits)).resolves.toEqual([
      [null, 'SIGTERM'],
      [null, 'SIGTERM'],
    ]);
    await expect(signal('KILL', one.identity)).resolves.toMatchObject({ stdout: `gone ${one.identity}\n` });
  });

  test('leaves another process with the same pid alone', async () => {
    await using tracker = createProcessTracker();
    const { child, identity } = await startSleeper(tracker.env);
    const earlier = identity.replace(/\d+$/, (startTime) => String(Number(startTime) - 1));
    await expect(signal('KILL', earlier)).resolves.toMatchObject({
      exitCode: 0,
      stdout: `gone ${earlier}\n`,
    });
    expect(tracker.living().map(({ pid }) => pid)).toContain(child.pid);
    const elsewhere = identity.replace(/^[^:]+/, '00000000-0000-4000-8000-000000000000');
    const result = await signal('KILL', elsewhere);
    expect(result.stdout).toBe(`error cannot be looked at: ${elsewhere}\n`);
    expect(tracker.living().map(({ pid }) => pid)).toContain(child.pid);
  });

  test('refuses what it cannot take, before the first signal', async () => {
    await using tracker = createProcessTracker();
    const { child, identity } = await startSleeper(tracker.env);
    const tooMany = Array.from({ length: 1025 }, () => identity);
    const wrong = [
      [],
      ['KILL'],
      ['NONE', identity],
      ['9', identity],
      ['KILL', identity, 'x'],
      ['KILL', ...tooMany],
    ];
    for (const args of wrong) {
      const result = await signal(...args);
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toMatch(/^proc-guard: signal takes .*\n$/);
    }
    expect(tracker.living().map(({ pid }) => pid)).toContain(child.pid);
  });
});
