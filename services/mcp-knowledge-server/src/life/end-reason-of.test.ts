import { expect, test } from 'vitest';
import { endReasonOf } from './end-reason-of.ts';

const identity = { bootId: 'boot', pidNamespace: 1, pid: 2, startTime: 3 };

test.for([
  [{ kind: 'stdin-end' }, 'client_disconnected'],
  [{ kind: 'parent-exit', exit: { layer: 'native', role: 'client', identity } }, 'owner_died'],
  [{ kind: 'parent-exit', exit: { layer: 'native', role: 'wrapper', identity } }, 'client_disconnected'],
  [{ kind: 'parent-exit', exit: { layer: 'ipc' } }, 'client_disconnected'],
  [{ kind: 'signal', signal: 'SIGTERM' }, 'shutdown'],
  [{ kind: 'requested' }, 'shutdown'],
] as const)('%j: %s', ([cause, reason]) => {
  expect(endReasonOf(cause)).toBe(reason);
});
