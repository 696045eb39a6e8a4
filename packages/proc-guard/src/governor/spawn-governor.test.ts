import { expect, test } from 'vitest';

import { createSpawnGovernor, SpawnRefusedError } from './spawn-governor.ts';

function refusal(admit: () => unknown): SpawnRefusedError {
  try {
    admit();
  } catch (error) {
    if (error instanceof SpawnRefusedError) return error;
    throw error;
  }
  throw new Error('it was admitted');
}

test('no more live at a time than allowed, and a release counts once', () => {
  const governor = createSpawnGovernor({ maxActive: 2, burst: 100, now: () => 0 });
  const release = governor.admit();
  governor.admit();
  expect(refusal(() => governor.admit())).toMatchObject({ code: 'SPAWN_REFUSED', reason: 'active' });
  release();
  release();
  expect(governor.active).toBe(1);
  governor.admit();
  expect(refusal(() => governor.admit()).reason).toBe('active');
  expect(governor).toMatchObject({ active: 2, started: 3, refused: 2 });
});

test('a burst is allowed, then the rate holds, and says when to come again', () => {
  let time = 0;
  const governor = createSpawnGovernor({ maxActive: 100, maxPerSecond: 2, burst: 3, now: () => time });
  for (let child = 0; child < 3; child += 1) governor.admit();
  expect(refusal(() => governor.admit())).toMatchObject({ reason: 'rate', retryAfterMs: 500 });
  time = 499;
  expect(refusal(() => governor.admit()).retryAfterMs).toBeCloseTo(1);
  time = 500;
  governor.admit();
  time = 60_000;
  for (let child = 0; child < 3; child += 1) governor.admit();
  expect(refusal(() => governor.admit()).reason).toBe('rate');
});
