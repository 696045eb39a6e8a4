import { expect, test } from 'vitest';

import type { ProcessReader } from '../identity/process-reader.ts';
import type { ProcessStat } from '../identity/process-stat.ts';
import { findClient } from './find-client.ts';

interface Entry {
  readonly parentPid: number;
  readonly args: string;
}

function readerOf(processes: Record<number, Entry>, ownPid: number): ProcessReader {
  return {
    bootId: 'boot',
    ownPid,
    isOurs: true,
    pidNamespace: () => 1,
    stat: (pid): ProcessStat | undefined => {
      const entry = processes[pid];
      if (entry === undefined) return undefined;
      const { parentPid } = entry;
      return {
        pid,
        name: '',
        state: 'S',
        parentPid,
        processGroup: pid,
        session: pid,
        exiting: false,
        threadCount: 1,
        startTime: pid * 10,
      };
    },
    commandLine: (pid) => processes[pid]?.args.replaceAll(' ', '\0'),
    probe: () => 'absent',
  };
}

const pids = (found: ReturnType<typeof findClient>): unknown => [
  found.client?.pid,
  found.wrappers.map(({ pid }) => pid),
];

test('wrappers are passed over, the nearest first', () => {
  const reader = readerOf(
    {
      50: { parentPid: 40, args: 'node server.js' },
      40: { parentPid: 30, args: 'sh -c node_server.js' },
      30: { parentPid: 20, args: 'npx server' },
      20: { parentPid: 10, args: 'claude' },
      10: { parentPid: 1, args: 'bash' },
    },
    50,
  );
  expect(pids(findClient({ reader }))).toEqual([20, [40, 30]]);
  expect(pids(findClient({ reader, pid: 20 }))).toEqual([10, []]);
});

test('pid 1 is never a wrapper', () => {
  const reader = readerOf({ 50: { parentPid: 1, args: 'x' }, 1: { parentPid: 0, args: 'sh -c x' } }, 50);
  expect(pids(findClient({ reader }))).toEqual([1, []]);
});

test('the walk ends where nothing can be read', () => {
  const hidden = readerOf({ 50: { parentPid: 40, args: 'x' }, 40: { parentPid: 30, args: 'sh -c x' } }, 50);
  expect(pids(findClient({ reader: hidden }))).toEqual([40, []]);
  const alone = readerOf({ 50: { parentPid: 0, args: 'x' } }, 50);
  expect(pids(findClient({ reader: alone }))).toEqual([undefined, []]);
});

test('a circle, which reused pids can make, ends', () => {
  const reader = readerOf(
    { 50: { parentPid: 40, args: 'sh -c x' }, 40: { parentPid: 50, args: 'sh -c x' } },
    50,
  );
  expect(findClient({ reader }).wrappers.length).toBeLessThan(64);
});
