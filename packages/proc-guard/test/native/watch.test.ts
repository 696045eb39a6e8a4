import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { formatIdentity } from '../../src/identity/process-identity.ts';
import { currentIdentity, readIdentity } from '../../src/identity/read-identity.ts';
import { createProcessTracker, type ProcessTracker } from '../support/process-tracker.ts';
import { helperPath, notRun, whyNot } from './support/native-helper.ts';
import { readOutput, runCommand } from './support/run-command.ts';

const own = currentIdentity();
const error = (reason: string): string => `error ${reason}\n`;
const wrongLine = error("a line is 'add <identity>' or 'remove <identity>'");
const wrongIdentity = error('an identity is <bootId>:<pidNamespace>:<pid>:<startTime>');

describe.skipIf(whyNot !== undefined)(`watch${notRun}`, () => {
  let tracker: ProcessTracker;
  beforeEach(() => {
    tracker = createProcessTracker();
  });
  afterEach(() => tracker[Symbol.asyncDispose]());

  const start = (): ChildProcessByStdio<Writable, Readable, null> =>
    spawn(helperPath, ['watch'], { env: tracker.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const sleeper = (): { end: () => void; identity: string } => {
    const child = spawn('sleep', ['60'], { env: tracker.env, stdio: 'ignore' });
    return {
      end: () => child.kill('SIGKILL'),
      identity: formatIdentity(readIdentity(child.pid ?? 0) ?? own),
    };
  };

  test('says once who has died, and nothing about the others', async () => {
    const watcher = start();
    const output = readOutput(watcher);
    const sleepers = Array.from({ length: 20 }, sleeper);
    for (const { identity } of [...sleepers, ...sleepers]) watcher.stdin.write(`add ${identity}\n`);
    const [first, second, ...rest] = sleepers;
    watcher.stdin.write(`remove ${second?.identity}\nremove ${second?.identity}\nadd rubbish\n`);
    await output.until(/error/);
    second?.end();
    first?.end();
    await output.until(/dead/);
    for (const one of rest) one.end();
    await output.until(new RegExp(`(dead[^]*){${rest.length + 1}}`));
    watcher.stdin.end();
    expect(await once(watcher, 'close')).toEqual([0, null]);
    const [ready, wrong, ...dead] = output.text().trimEnd().split('\n');
    expect([ready, wrong]).toEqual(['ready', wrongIdentity.trimEnd()]);
    const expected = [first, ...rest].map((one) => `dead ${one?.identity}`);
    expect(dead.toSorted()).toEqual(expected.toSorted());
  });

  test('answers at once for the dead and for what it cannot look at', async () => {
    const dead = formatIdentity({ ...own, pid: 4_194_303 });
    const otherBoot = formatIdentity({ ...own, bootId: '00000000-0000-0000-0000-000000000000' });
    const otherNamespace = formatIdentity({ ...own, pidNamespace: 1 });
    const input = [dead, otherBoot, otherNamespace].map((identity) => `add ${identity}\n`).join('');
    const { stdout } = await runCommand(helperPath, ['watch'], { env: tracker.env, input });
    expect(stdout).toBe(`ready\ndead ${dead}\nunknown ${otherBoot}\nunknown ${otherNamespace}\n`);
  });

  test.each([
    ['an empty line', '\n', wrongLine],
    ['another word', 'watch me\n', wrongLine],
    ['a NUL', 'add\0 x\n', wrongLine],
    ['no identity', 'add \n', wrongIdentity],
    ['a bare pid', 'add 1\n', wrongIdentity],
    ['something behind the identity', `add ${formatIdentity(own)} x\n`, wrongIdentity],
    ['a line that is too long', `add ${'x'.repeat(100_000)}\n`, error('a line is at most 255 bytes long')],
    ['no newline at the end', 'add x', ''],
  ])('survives %s', async (_, input, answer) => {
    const next = formatIdentity({ ...own, pid: 4_194_303 });
    const { stdout, exitCode } = await runCommand(helperPath, ['watch'], {
      env: tracker.env,
      input: input.endsWith('\n') ? `${input}add ${next}\n` : input,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`ready\n${answer}${input.endsWith('\n') ? `dead ${next}\n` : ''}`);
  });

  test('reads a file to its end', async () => {
    const { stdout } = await runCommand('sh', ['-c', '"$0" watch < /dev/null', helperPath], {
      env: tracker.env,
    });
    expect(stdout).toBe('ready\n');
  });

  test('lasts through the signals of a shutdown, and ends when nobody reads it', async () => {
    const watcher = start();
    const output = readOutput(watcher);
    await output.until(/ready/);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGTSTP'] as const) watcher.kill(signal);
    watcher.stdin.write('x\n');
    await output.until(/error/);
    watcher.stdout.destroy();
    const exited = once(watcher, 'exit');
    watcher.stdin.on('error', () => undefined);
    watcher.stdin.write('x\n');
    expect(await exited).toEqual([0, null]);
  });

  test('ends with its parent, also when its stdin is held open by somebody else', async () => {
    const script = '"$0" watch & sleep 60 & echo "parent $$"; wait';
    const child = spawn('sh', ['-c', script, helperPath], {
      env: tracker.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const output = readOutput(child);
    await output.until(/parent/);
    const watchers = (): number =>
      tracker.living().filter(({ commandLine }) => commandLine.endsWith('watch')).length;
    child.kill('SIGKILL');
    await expect.poll(watchers, { timeout: 40_000 }).toBe(0);
    child.stdin.destroy();
  });

  test('watches thousands', async () => {
    const watcher = start();
    const output = readOutput(watcher);
    const crowd = spawn(
      'sh',
      ['-c', 'i=0; while [ $i -lt 1500 ]; do sleep 60 & echo $!; i=$((i+1)); done; echo up; wait'],
      {
        env: tracker.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const list = readOutput(crowd);
    await list.until(/^up$/m);
    const identities = (list.text().match(/^\d+$/gm) ?? []).map((pid) => readIdentity(Number(pid)) ?? own);
    expect(identities).toHaveLength(1_500);
    for (const identity of identities) watcher.stdin.write(`add ${formatIdentity(identity)}\n`);
    watcher.stdin.write('added\n');
    await output.until(/error/);
    crowd.kill('SIGKILL');
    for (const { pid } of identities) process.kill(pid, 'SIGKILL');
    const dead = (): readonly string[] => output.text().match(/^dead .*$/gm) ?? [];
    while (dead().length < identities.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Set(dead())).toEqual(
      new Set(identities.map((identity) => `dead ${formatIdentity(identity)}`)),
    );
    expect(output.text()).not.toMatch(/unknown/);
    watcher.stdin.end();
  });
});
