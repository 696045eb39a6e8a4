import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import {
  readProcessTable,
  type ProcessRecord,
  type ProcessTable,
} from '../process-table/read-process-table.ts';
import { signalProcess } from '../trees/end-members.ts';
import { findGuardedTrees } from '../trees/guarded-tree.ts';
import type { ProcessInspection } from './inspect-processes.ts';
import { planReap } from './plan-reap.ts';

const owner = { bootId: 'boot', pidNamespace: 1, pid: 10, startTime: 100 };
const cookie = { owner, guardPid: 20, guardStartTime: 200 };

function record(pid: number, changes: Partial<ProcessRecord> = {}): ProcessRecord {
  return {
    pid,
    name: 'x',
    state: 'S',
    parentPid: 1,
    processGroup: pid,
    session: 5,
    exiting: false,
    threadCount: 1,
    startTime: pid * 10,
    uid: 1000,
    residentBytes: 0,
    args: ['x'],
    cookies: [cookie],
    detached: false,
    ...changes,
  };
}

function inspection(
  records: readonly ProcessRecord[],
  ownerState: 'alive' | 'dead' | 'unknown',
): ProcessInspection {
  const table: ProcessTable = new Map(records.map((entry) => [entry.pid, entry]));
  return { table, trees: findGuardedTrees(table, { liveness: () => ownerState }), suspects: [] };
}

const planned = (found: ProcessInspection, pids?: readonly number[]): number[] =>
  planReap(found, { uid: 1000, ...(pids === undefined ? {} : { pids }) }).items.flatMap(({ members }) =>
    members.map(({ pid }) => pid),
  );

test('only a dead owner’s tree is planned', () => {
  const records = [record(30), record(31)];
  expect(planned(inspection(records, 'dead'))).toEqual([30, 31]);
  expect(planned(inspection(records, 'alive'))).toEqual([]);
  expect(planned(inspection(records, 'unknown'))).toEqual([]);
  expect(planReap(inspection(records, 'unknown'), { uid: 1000, pids: [30] }).refused).toEqual([
    { pid: 30, reason: 'its owner cannot be looked at' },
  ]);
});

test('another user’s process is left alone and said so, also for root', () => {
  const found = inspection([record(30), record(31, { uid: 0 }), record(32, { uid: 1001 })], 'dead');
  expect(planned(found)).toEqual([30]);
  expect(planReap(found, { uid: 0 }).items.flatMap(({ members }) => members.map(({ pid }) => pid))).toEqual([
    31,
  ]);
  expect(planReap(found, { uid: 1000 }).refused).toEqual([
    { pid: 31, reason: 'it belongs to another user (0)' },
    { pid: 32, reason: 'it belongs to another user (1001)' },
  ]);
});

test('named pids limit the plan to what they belong to', () => {
  const other = { ...cookie, guardPid: 21, guardStartTime: 210 };
  const found = inspection([record(30), record(31, { cookies: [other] })], 'dead');
  expect(planned(found)).toEqual([30, 31]);
  expect(planned(found, [31])).toEqual([31]);
});

test('a nested tree answers to its nearest guard; a guard younger than its tree is none', () => {
  const inner = { ...cookie, guardPid: 25, guardStartTime: 250 };
  const madeUp = { ...cookie, guardPid: 26, guardStartTime: 99_999 };
  const found = inspection(
    [
      record(20, { startTime: 200, cookies: [] }),
      record(30, { cookies: [cookie, inner] }),
      record(31),
      record(32, { cookies: [madeUp] }),
    ],
    'dead',
  );
  expect(found.trees.map(({ state, members }) => [state, members.map(({ pid }) => pid)])).toEqual([
    ['orphaned', [30]],
    ['ending', [20, 31]],
  ]);
});

test('a pid that somebody else has got is never signalled', async () => {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const living = readProcessTable().get(child.pid ?? 0);
  if (living === undefined) throw new Error('the child is not in the table');
  expect(signalProcess({ ...living, startTime: living.startTime - 1 }, 'SIGKILL')).toBe('gone');
  expect(child.exitCode).toBeNull();
  expect(signalProcess(living, 'SIGKILL')).toBe('sent');
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
  expect(signalProcess(living, 'SIGKILL')).toBe('gone');
});
