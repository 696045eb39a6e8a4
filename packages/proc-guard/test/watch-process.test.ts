import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import {
  findClient,
  readIdentity,
  watchProcess,
  type ProcessEnd,
  type ProcessIdentity,
} from '../src/index.ts';
import { eventually } from './support/eventually.ts';
import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker } from './support/process-tracker.ts';
import { startProgram } from './support/start-program.ts';

async function startSleeper(): Promise<{ identity: ProcessIdentity; kill: () => Promise<void> }> {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = readIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('a running child has no identity');
  const exited = once(child, 'exit');
  return {
    identity,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const endOf = (identity: ProcessIdentity): Promise<ProcessEnd> =>
  new Promise((resolve) => void watchProcess(identity, resolve));

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

describe.skipIf(!hasHelper)('with the native watcher', () => {
  test('each watch hears of its own process, once', async () => {
    const first = await startSleeper();
    const second = await startSleeper();
    const heard: string[] = [];
    const firstEnd = new Promise<void>((resolve) => {
      watchProcess(first.identity, ({ state }) => {
        heard.push(`first ${state}`);
        resolve();
      });
    });
    const twice = endOf(first.identity);
    const watch = watchProcess(second.identity, ({ state }) => heard.push(`second ${state}`));
    expect(watch.describe()).toEqual({ layer: 'native' });
    await first.kill();
    await Promise.all([firstEnd, twice]);
    expect(heard).toEqual(['first dead']);
    watch.close();
    watch.close();
    await second.kill();
    expect(watch.describe().layer).toBe('closed');
    expect(heard).toEqual(['first dead']);
  });

  test('what is dead already is told at once, but not within the call', async () => {
    const { identity, kill } = await startSleeper();
    await kill();
    let told = false;
    const end = new Promise<ProcessEnd>((resolve) => {
      watchProcess(identity, (event) => {
        told = true;
        resolve(event);
      });
    });
    expect(told).toBe(false);
    expect(await end).toEqual({ identity, state: 'dead' });
  });

  test('what cannot be looked at is unknown', async () => {
    const { identity, kill } = await startSleeper();
    expect((await endOf({ ...identity, bootId: '00000000-0000-0000-0000-000000000000' })).state).toBe(
      'unknown',
    );
    await kill();
  });

  test('an aborted watch is silent', async () => {
    const { identity, kill } = await startSleeper();
    const controller = new AbortController();
    const watch = watchProcess(identity, () => expect.unreachable('it was aborted'), {
      signal: controller.signal,
    });
    controller.abort();
    expect(watch.describe().layer).toBe('closed');
    const end = endOf(identity);
    await kill();
    expect((await end).state).toBe('dead');
  });

  test('nothing is left of a thousand watches', async () => {
    const { identity, kill } = await startSleeper();
    const before = openDescriptors();
    for (let round = 0; round < 10; round += 1) {
      const watches = Array.from({ length: 100 }, () => watchProcess(identity, () => undefined));
      for (const watch of watches) watch.close();
    }
    await eventually(
      () => (openDescriptors() <= before ? true : undefined),
      'the pipes of the watcher are closed',
    );
    expect(openDescriptors()).toBeLessThanOrEqual(before);
    await kill();
  });

  test('the watcher ends with the process that started it, and is replaced when it dies', async () => {
    await using tracker = createProcessTracker();
    const sleeper = await startSleeper();
    const program = startProgram('watch-one', [JSON.stringify(sleeper.identity)], { env: tracker.env });
    await program.nextLine();
    const watcher = await eventually(
      () => tracker.living().find(({ commandLine }) => commandLine.endsWith('watch')),
      'the watcher',
    );
    process.kill(watcher.pid, 'SIGKILL');
    const next = await eventually(
      () =>
        tracker.living().find(({ pid, commandLine }) => commandLine.endsWith('watch') && pid !== watcher.pid),
      'the next watcher',
    );
    await sleeper.kill();
    expect(await program.nextLine()).toMatchObject({ state: 'dead' });
    expect(next.pid).not.toBe(watcher.pid);
    program.child.kill('SIGKILL');
    await program.exited;
    await tracker.untilNoneIsLeft();
  });

  test('a watch keeps nothing alive', async () => {
    await using tracker = createProcessTracker();
    const { client } = findClient();
    const program = startProgram('watch-one', [JSON.stringify(client), 'alone'], { env: tracker.env });
    await program.nextLine();
    expect(await program.exited).toEqual({ code: 0, signal: null });
    await tracker.untilNoneIsLeft();
  });

  test('it works from a Worker, which can be ended', async () => {
    await using tracker = createProcessTracker();
    const sleeper = await startSleeper();
    const program = startProgram('watch-in-worker', [JSON.stringify(sleeper.identity)], { env: tracker.env });
    expect(await program.nextLine()).toEqual({ layer: 'native' });
    await sleeper.kill();
    expect(await program.nextLine()).toMatchObject({ state: 'dead' });
    expect(await program.nextLine()).toBe('terminated');
    expect((await program.exited).code).toBe(0);
    await tracker.untilNoneIsLeft();
  });
});

test('without the helper there is a gap, which says why', async () => {
  await using tracker = createProcessTracker({ PROC_GUARD_NATIVE: 'off' });
  const { client } = findClient();
  const program = startProgram('watch-one', [JSON.stringify(client), 'alone'], { env: tracker.env });
  expect(await program.nextLine()).toEqual({ layer: 'gap', reason: 'switched off by PROC_GUARD_NATIVE=off' });
  expect((await program.exited).code).toBe(0);
});
