import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { formatIdentity } from '../../src/identity/process-identity.ts';
import { currentIdentity, readIdentity } from '../../src/identity/read-identity.ts';
import { createProcessTracker, type ProcessTracker } from '../support/process-tracker.ts';
import { helperPath, launcherPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand } from './support/run-command.ts';

const own = formatIdentity(currentIdentity());
const forged = `${own}/1.1`;

async function cookieOf(
  tracker: ProcessTracker,
  inherited: string | undefined,
  role = 'run',
): Promise<string> {
  const env = { ...tracker.env, ENDWELL_GUARD: inherited };
  return (
    await runCommand(helperPath, [role, '--', 'sh', '-c', 'echo "$ENDWELL_GUARD"'], { env })
  ).stdout.trim();
}

describe.skipIf(whyNot !== undefined)(`the cookie${notRun}`, () => {
  test('names the owner and the guard', async () => {
    await using tracker = createProcessTracker();
    const child = spawn(helperPath, ['run', '--', 'sh', '-c', 'echo "$ENDWELL_GUARD"; read line'], {
      env: { ...tracker.env, ENDWELL_GUARD: undefined },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [cookie] = await readOutput(child).until(/^.+$/m);
    expect(cookie).toBe(`${own}/${child.pid}.${readIdentity(child.pid ?? 0)?.startTime}`);
    child.stdin.end('\n');
    await once(child, 'close');
  });

  test('of a nested guard is appended', async () => {
    await using tracker = createProcessTracker();
    expect(await cookieOf(tracker, forged)).toMatch(new RegExp(`^${forged},${own}/\\d+\\.\\d+$`));
    expect(await cookieOf(tracker, `${forged},${forged}`)).toMatch(
      new RegExp(`^${forged},${forged},${own}/\\d+\\.\\d+$`),
    );
  });

  test.each([
    ['empty', ''],
    ['not a cookie', 'rubbish'],
    ['a pid alone', '1'],
    ['with a blank', `${forged} `],
    ['with a comma at the end', `${forged},`],
    ['with a half', `${forged},${own}`],
    ['with a negative pid', forged.replace(/\/1\./, '/-1.')],
    ['with pid 0', forged.replace(/\/1\./, '/0.')],
    ['with a pid that is too large', forged.replace(/\/1\./, '/99999999999.')],
    ['with a number that overflows', forged.replace(/\.1$/, '.99999999999999999999999')],
    ['longer than 4096 bytes', Array.from({ length: 80 }, () => forged).join(',')],
    ['a megabyte of rubbish', 'x'.repeat(100_000)],
  ])('that is %s is dropped and a fresh one is set', async (_, inherited) => {
    await using tracker = createProcessTracker();
    expect(await cookieOf(tracker, inherited)).toMatch(new RegExp(`^${own}/\\d+\\.\\d+$`));
  });

  test('made by somebody else brings no signal to whoever it names', async () => {
    await using tracker = createProcessTracker();
    const innocent = spawn('sleep', ['60'], {
      env: { ...process.env, ENDWELL_GUARD: undefined },
      stdio: 'ignore',
    });
    try {
      const { pid = 0, startTime = 0 } = readIdentity(innocent.pid ?? 0) ?? {};
      const naming = `${formatIdentity(readIdentity(pid) ?? currentIdentity())}/${pid}.${startTime}`;
      const env = { ...tracker.env, ENDWELL_GUARD: naming };
      await runCommand(helperPath, ['run', '--grace-ms', '0', '--', 'sh', '-c', 'setsid sleep 60 & exit 0'], {
        env,
      });
      expect(readIdentity(pid)?.startTime).toBe(startTime);
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).not.toMatch(/\) [ZX] /);
    } finally {
      innocent.kill('SIGKILL');
      await once(innocent, 'close');
    }
  });

  test.each(['0', '50'])(
    'is dropped by detach, and what is detached outlives the guard, with all below it, grace %s',
    async (graceMs) => {
      await using tracker = createProcessTracker();
      const detached = 'echo "cookie=$ENDWELL_GUARD mark=$ENDWELL_DETACHED"; sleep 60 & exec sleep 61';
      const script = '"$0" detach -- sh -c "$1" & read line; setsid sleep 62 & exit 5';
      const guard = [
        helperPath,
        'run',
        '--grace-ms',
        graceMs,
        '--',
        'sh',
        '-c',
        script,
        launcherPath,
        detached,
      ];
      const child = spawn('env', guard, { env: tracker.env, stdio: ['pipe', 'pipe', 'inherit'] });
      const [line] = await readOutput(child).until(/^cookie.*$/m);
      expect(line).toBe('cookie= mark=1');
      const sleepers = (): readonly string[] =>
        tracker
          .living()
          .map(({ commandLine }) => commandLine)
          .filter((commandLine) => commandLine.startsWith('sleep'))
          .toSorted();
      await expect.poll(sleepers, { timeout: 40_000 }).toEqual(['sleep 60', 'sleep 61']);
      child.stdin.write('go\n');
      expect(await once(child, 'exit')).toEqual([5, null]);
      expect(sleepers()).toEqual(['sleep 60', 'sleep 61']);
    },
  );
});
