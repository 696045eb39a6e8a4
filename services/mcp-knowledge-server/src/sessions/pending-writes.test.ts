import { expect, test } from 'vitest';
import { createPendingWrites } from './pending-writes.ts';

test('an end waits for its own writes and for those whose session is not known yet', async () => {
  const writes = createPendingWrites();
  const gates = { own: Promise.withResolvers<void>(), unknown: Promise.withResolvers<void>() };
  const never = Promise.withResolvers<void>();
  const log: string[] = [];
  const track = (id: string | undefined, gate: Promise<void>): Promise<void> =>
    writes.track(id, () => gate).then(() => void log.push(`written ${id ?? 'unnamed'}`));
  const tracked = [track('a', gates.own.promise), track(undefined, gates.unknown.promise)];
  void track('b', never.promise);
  const settled = writes.settled('a').then(() => log.push('settled'));
  gates.unknown.resolve();
  await tracked[1];
  gates.own.resolve();
  await settled;
  await tracked[0];
  expect(log.toSorted()).toEqual(['settled', 'written a', 'written unnamed']);
  expect(log[0]).toBe('written unnamed');
});

test('a write that fails is no longer waited for, and its caller hears of it', async () => {
  const writes = createPendingWrites();
  const failing = writes.track('a', () => Promise.reject(new Error('the disk was away')));
  await writes.settled('a');
  await expect(failing).rejects.toThrow('the disk was away');
});
