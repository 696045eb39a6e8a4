import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import { eventually } from '../../test/support/eventually.ts';
import { isAlive, isExiting } from './is-alive.ts';
import { systemReader, type ProcessReader } from './process-reader.ts';
import type { ProcessStat } from './process-stat.ts';
import { currentIdentity, readIdentity } from './read-identity.ts';

test('this process and its parent are alive', () => {
  expect(isAlive(currentIdentity())).toBe('alive');
  const parent = readIdentity(process.ppid);
  expect(parent !== undefined && isAlive(parent)).toBe('alive');
});

test('a process that has ended is dead, and has no identity any more', async () => {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = readIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('a running child has no identity');
  expect(isAlive(identity)).toBe('alive');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe('dead');
  expect(readIdentity(identity.pid)).toBeUndefined();
});

test('a process that was killed is exiting by the time its pipe has closed', async () => {
  expect(isExiting(currentIdentity())).toBe(false);
  for (let trial = 0; trial < 20; trial += 1) {
    const child = spawn(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const identity = readIdentity(child.pid ?? 0);
    if (identity === undefined) throw new Error('a running child has no identity');
    expect(isExiting(identity)).toBe(false);
    const closed = once(child.stdout, 'end');
    child.kill('SIGKILL');
    await closed;
    expect(isExiting(identity)).toBe(true);
  }
});

test('a zombie is dead', async () => {
  // The shell becomes `sleep`, which never waits for the child that it inherits.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 100'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const identity = await eventually(() => {
      const found = readIdentity(pid);
      return systemReader().stat(pid)?.state === 'Z' ? found : undefined;
    }, 'the zombie');
    expect(isAlive(identity)).toBe('dead');
  } finally {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }
});

test('another boot and another namespace are unknown', () => {
  const own = currentIdentity();
  expect(isAlive({ ...own, bootId: '00000000-0000-0000-0000-000000000000' })).toBe('unknown');
  expect(isAlive({ ...own, pidNamespace: own.pidNamespace + 1 })).toBe('unknown');
});

const stat: ProcessStat = {
  pid: 50,
  name: 'node',
  state: 'S',
  parentPid: 1,
  processGroup: 50,
  session: 50,
  exiting: false,
  threadCount: 7,
  startTime: 1000,
};

function reader(changes: Partial<ProcessReader> = {}): ProcessReader {
  return {
    bootId: 'boot',
    ownPid: 7,
    isOurs: true,
    pidNamespace: () => 1,
    stat: (pid) => (pid === stat.pid ? stat : undefined),
    commandLine: () => '',
    probe: () => 'absent',
    ...changes,
  };
}

const identity = { bootId: 'boot', pidNamespace: 1, pid: 50, startTime: 1000 };

test('an innocent process that got the old pid is not taken for it', () => {
  expect(isAlive(identity, { reader: reader() })).toBe('alive');
  expect(isAlive({ ...identity, startTime: 999 }, { reader: reader() })).toBe('dead');
});

test('what hidepid hides is unknown, what is gone is dead', () => {
  const hidden = { ...identity, pid: 51 };
  expect(isAlive(hidden, { reader: reader({ probe: () => 'forbidden' }) })).toBe('unknown');
  expect(isAlive(hidden, { reader: reader({ probe: () => 'absent' }) })).toBe('dead');
});

test('a pid that is taken between two questions belongs to somebody else', () => {
  let asked = 0;
  const racing = reader({
    stat: () => ((asked += 1) === 1 ? undefined : { ...stat, startTime: 2000 }),
    probe: () => 'present',
  });
  expect(isAlive(identity, { reader: racing })).toBe('dead');
});

test('where /proc belongs to another namespace nothing is known', () => {
  expect(isAlive(identity, { reader: reader({ isOurs: false }) })).toBe('unknown');
});
