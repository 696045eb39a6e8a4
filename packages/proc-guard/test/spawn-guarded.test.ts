import { describe, expect, test } from 'vitest';

import { isProcGuardError, spawnGuarded } from '../src/index.ts';
import { eventually } from './support/eventually.ts';
import { createProcessTracker } from './support/process-tracker.ts';
import { helperModes } from './support/helper-modes.ts';
import { startProgram } from './support/start-program.ts';

/** Plain, in the background, ignoring TERM, in a session of its own, and a daemon that has forked twice. */
const family = [
  'sleep 300 &',
  `(trap "" TERM; while :; do sleep 300; done) &`,
  'setsid sleep 300 &',
  '(setsid sh -c "sleep 300 & sleep 300 &" &)',
  'echo ready',
  'wait',
].join('\n');

describe.each(helperModes)('with the $mode guard', ({ mode, env }) => {
  test('the whole tree ends when its owner is killed', async () => {
    await using tracker = createProcessTracker(env);
    const owner = startProgram('spawn-owner', [family, '100'], { env: tracker.env });
    expect(await owner.nextLine()).toMatchObject({ said: 'ready', guard: mode });
    // The daemons come after the word, and what becomes another program cannot be read meanwhile.
    await eventually(() => (tracker.living().length >= 7 ? true : undefined), 'the whole tree runs');
    owner.child.kill('SIGKILL');
    await owner.exited;
    await tracker.untilNoneIsLeft();
  });

  test('stop ends the whole tree, also what ignores TERM', async () => {
    await using tracker = createProcessTracker(env);
    const owner = startProgram('spawn-owner', [family, '100'], { env: tracker.env });
    await owner.nextLine();
    owner.child.stdin?.write('stop\n');
    const exit = await owner.nextLine();
    expect(exit).toEqual({ code: null, signal: 'SIGTERM' });
    expect((await owner.exited).code).toBe(0);
    await tracker.untilNoneIsLeft();
  });

  test('what the command leaves behind ends with it', async () => {
    await using tracker = createProcessTracker(env);
    const owner = startProgram('spawn-owner', ['sleep 300 & setsid sleep 300 & echo ready', '100'], {
      env: tracker.env,
    });
    await owner.nextLine();
    owner.child.stdin?.end();
    expect((await owner.exited).code).toBe(0);
    await tracker.untilNoneIsLeft();
  });

  test('the guard holds nothing of the command open', async () => {
    await using tracker = createProcessTracker(env);
    const owner = startProgram('descriptor-owner', [], { env: tracker.env });
    // The command closes its stdout and its fourth descriptor, and lives on.
    expect(await owner.nextLine()).toEqual(['stdout ended', 'descriptor 3 ended']);
    owner.child.kill('SIGKILL');
    await tracker.untilNoneIsLeft();
  });

  test('the owner is free to end first: nothing keeps its tree', async () => {
    await using tracker = createProcessTracker(env);
    const owner = startProgram('spawn-owner', [family, '100'], { env: tracker.env });
    await owner.nextLine();
    owner.child.kill('SIGTERM');
    expect((await owner.exited).signal).toBe('SIGTERM');
    await tracker.untilNoneIsLeft();
  });
});

const scriptExit = (script: string): Promise<unknown> =>
  spawnGuarded('sh', ['-c', script], { stdio: 'ignore' }).exited;

test('the exit is the command’s', async () => {
  expect(await scriptExit('exit 0')).toEqual({ code: 0, signal: null });
  expect(await scriptExit('exit 7')).toEqual({ code: 7, signal: null });
  expect(await scriptExit('kill -USR2 $$')).toEqual({ code: null, signal: 'SIGUSR2' });
  expect(await spawnGuarded('/does/not/exist', [], { stdio: 'ignore' }).exited).toEqual({
    code: 127,
    signal: null,
  });
  expect(await spawnGuarded('/etc/passwd', [], { stdio: 'ignore' }).exited).toEqual({
    code: 126,
    signal: null,
  });
});

test('stdio, cwd, environment and further descriptors arrive', async () => {
  const guarded = spawnGuarded('sh', ['-c', 'cat; pwd; echo "$NAME"; echo three >&3; echo oops >&2'], {
    cwd: '/usr',
    env: { ...process.env, NAME: 'value' },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const texts = [guarded.stdout, guarded.stderr, guarded.stdio[3]].map(async (stream) => {
    let text = '';
    for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString();
    return text;
  });
  guarded.stdin?.end('hello\n');
  expect(await Promise.all(texts)).toEqual(['hello\n/usr\nvalue\n', 'oops\n', 'three\n']);
  expect(await guarded.exited).toEqual({ code: 0, signal: null });
});

test('dispose and abort stop it', async () => {
  let exited: Promise<unknown>;
  {
    await using guarded = spawnGuarded('sleep', ['300'], { stdio: 'ignore' });
    ({ exited } = guarded);
  }
  expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });

  const controller = new AbortController();
  const aborted = spawnGuarded('sleep', ['300'], { stdio: 'ignore', signal: controller.signal });
  controller.abort();
  expect(await aborted.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(aborted.kill()).toBe(false);
});

test.each([
  ['an empty command', () => spawnGuarded('')],
  ['a NUL in an argument', () => spawnGuarded('echo', ['a\0b'])],
  ['a negative grace', () => spawnGuarded('true', [], { graceMs: -1 })],
  ['an endless grace', () => spawnGuarded('true', [], { graceMs: Infinity })],
  ['an unknown containment', () => spawnGuarded('true', [], { contain: 'jail' as 'tree' })],
  ['an IPC channel', () => spawnGuarded('true', [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })],
])('%s is refused', (_name, start) => {
  expect(start).toThrow(
    expect.toSatisfy((error) => isProcGuardError(error) && error.code === 'INVALID_OPTIONS'),
  );
});

test.each(['SIGNONE', '', 'SIGKILL', 'SIGSTOP'])(
  'kill with %j is refused and signals nobody',
  async (signal) => {
    await using tracker = createProcessTracker();
    await using guarded = spawnGuarded('sleep', ['300'], { stdio: 'ignore', env: tracker.env });
    expect(() => guarded.kill(signal as 'SIGTERM')).toThrow(
      expect.toSatisfy((error) => isProcGuardError(error) && error.code === 'INVALID_OPTIONS'),
    );
    expect(tracker.living().length).toBeGreaterThan(0);
  },
);
