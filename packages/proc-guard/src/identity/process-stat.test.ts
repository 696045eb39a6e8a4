import { expect, test } from 'vitest';

import { hasEnded, parseProcessStat } from './process-stat.ts';

const rest = '1 77 78 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 3 0 123456 1000 200';

test('a program that calls itself `x) R 1 (` is read from the last bracket', () => {
  const stat = parseProcessStat(`42 (x) R 1 () S ${rest}`);
  expect(stat).toEqual({
    pid: 42,
    name: 'x) R 1 (',
    state: 'S',
    parentPid: 1,
    processGroup: 77,
    session: 78,
    exiting: false,
    threadCount: 3,
    startTime: 123456,
  });
});

test('the kernel’s flags tell what exits', () => {
  expect(parseProcessStat(`42 (x) R ${rest.replace('4194560', '4194564')}`)?.exiting).toBe(true);
});

test('what is no stat line is undefined', () => {
  for (const text of ['', '42', '42 (x', ')(', '42 (x) S']) expect(parseProcessStat(text)).toBeUndefined();
});

test('a zombie has ended, unless other threads of it still run', () => {
  const alive = parseProcessStat(`42 (x) Z ${rest}`);
  const ended = parseProcessStat(`42 (x) Z ${rest.replace(' 20 0 3 ', ' 20 0 1 ')}`);
  expect(alive !== undefined && hasEnded(alive)).toBe(false);
  expect(ended !== undefined && hasEnded(ended)).toBe(true);
});
