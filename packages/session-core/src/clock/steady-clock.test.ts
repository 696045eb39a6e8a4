import assert from 'node:assert/strict';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createMemoryRows, createMemoryTables } from '../memory-store/memory-rows.ts';
import { clockStep } from '../store/clock-step.ts';
import { fakeMachineTime } from '../testing/fake-time-sources.ts';
import type { AgreeOnClock, Clock } from './clock.ts';
import { steadyClock, systemClock } from './steady-clock.ts';
import { systemTimeSources, type TimeSources } from './time-sources.ts';

const hour = 3_600_000;

async function join(sources: TimeSources, agree: AgreeOnClock): Promise<Clock> {
  const clock = await steadyClock(sources).join?.(agree);
  assert.ok(clock !== undefined);
  return clock;
}

function agreement(): AgreeOnClock {
  const anchors = new Map<string, number>();
  return async ({ domain, wallMs, uptimeMs }) => {
    const anchor = anchors.get(domain) ?? wallMs - uptimeMs;
    anchors.set(domain, anchor);
    return anchor;
  };
}

describe('the steady clock', () => {
  it('counts what has passed, suspend included, whoever sets the wall clock, alike in all processes', async () => {
    const event = fc.record({
      kind: fc.constantFrom('advance', 'suspend', 'setWall', 'join'),
      ms: fc.integer({ min: -2 * hour, max: 2 * hour }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const machine = fakeMachineTime();
        const agree = agreement();
        const clocks = [await join(machine.sources(), agree)];
        const startedAt = machine.wallMs;
        let passed = 0;
        let last = 0;
        for (const { kind, ms } of events) {
          if (kind === 'setWall') machine.setWall(ms);
          else if (kind === 'join') clocks.push(await join(machine.sources(), agree));
          else {
            machine[kind](Math.abs(ms));
            // A suspend is seen at the first look after a tenth of a second.
            machine.advance(100);
            passed += Math.abs(ms) + 100;
          }
          const times = clocks.map((clock) => clock.now());
          for (const now of times) assert.ok(Math.abs(now - startedAt - passed) <= 11, `${now}`);
          assert.ok(times[0]! >= last, 'it never goes back');
          last = times[0]!;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells of a suspend once, and of nothing else', async () => {
    const machine = fakeMachineTime();
    const clock = await join(machine.sources(), agreement());
    const gaps: number[] = [];
    const stop = clock.onGap?.((gapMs) => gaps.push(gapMs));
    const look = async (): Promise<void> => {
      machine.advance(150);
      clock.now();
      await Promise.resolve();
    };
    machine.setWall(5 * hour);
    await look();
    machine.setWall(-9 * hour);
    await look();
    machine.advance(10 * hour);
    await look();
    expect(gaps).toStrictEqual([]);
    machine.suspend(8 * hour);
    await look();
    await look();
    expect(gaps).toHaveLength(1);
    expect(Math.abs((gaps[0] ?? 0) - 8 * hour)).toBeLessThanOrEqual(10);
    stop?.();
    machine.suspend(hour);
    await look();
    expect(gaps).toHaveLength(1);
  });

  it('fires a timer when its time has come, and at the latest half a minute after waking up', async () => {
    const machine = fakeMachineTime();
    const clock = await join(machine.sources(), agreement());
    const due = clock.now() + hour;
    const firedAt: number[] = [];
    const set = (): void => void clock.setTimer(() => firedAt.push(clock.now()), due - clock.now());
    set();
    machine.setWall(2 * hour);
    machine.advance(hour - 100);
    expect(firedAt).toStrictEqual([]);
    machine.advance(200);
    expect(firedAt).toHaveLength(1);
    expect(firedAt[0]! - due).toBeGreaterThanOrEqual(0);
    expect(firedAt[0]! - due).toBeLessThan(20);

    clock.setTimer(() => firedAt.push(clock.now()), hour);
    machine.suspend(10 * hour);
    machine.advance(30_001);
    expect(firedAt).toHaveLength(2);

    const cancelled = clock.setTimer(() => firedAt.push(0), hour);
    machine.advance(hour / 2);
    cancelled.cancel();
    machine.advance(hour);
    expect(firedAt).toHaveLength(2);
    expect(machine.timerCount).toBe(0);
  });

  it('says how far the wall clock was set, and nothing for a little', async () => {
    const machine = fakeMachineTime();
    const clock = await join(machine.sources(), agreement());
    machine.setWall(-900);
    expect(clock.aheadOfWallMs?.()).toBe(0);
    machine.setWall(900 + 2 * hour);
    expect(Math.abs((clock.aheadOfWallMs?.() ?? 0) + 2 * hour)).toBeLessThanOrEqual(11);
  });

  it('is the wall clock where there is no uptime that counts suspend', async () => {
    const machine = fakeMachineTime();
    const clock = steadyClock({ ...machine.sources(), uptimeMs: undefined });
    expect('join' in clock).toBe(false);
    expect(clock.now()).toBe(Math.floor(machine.wallMs));
  });
});

describe('the anchor', () => {
  it('is decided by the first process of a boot, and forgotten after the next', () => {
    const rows = createMemoryRows(createMemoryTables());
    const proposal = { domain: 'boot 1/time', bootId: 'boot 1', uptimeMs: 1_000, wallMs: 5_000 };
    expect(clockStep(rows, proposal)).toBe(4_000);
    expect(clockStep(rows, { ...proposal, wallMs: 9_000 })).toBe(4_000);
    expect(clockStep(rows, { ...proposal, domain: 'boot 2/time', bootId: 'boot 2' })).toBe(4_000);
  });
});

it.runIf(process.platform === 'linux')('reads the clocks of this machine', async () => {
  const sources = systemTimeSources();
  const clock = await systemClock().join?.(async ({ wallMs, uptimeMs }) => wallMs - uptimeMs);
  // Both count the same seconds, however far apart; the bounds hold on a machine that is very busy.
  expect(Math.abs((clock?.now() ?? 0) - sources.wallMs())).toBeLessThan(60_000);
  const fired = Promise.withResolvers<number>();
  const due = (clock?.now() ?? 0) + 20;
  // A referenced timer beside it: the clock's own keep nothing alive.
  const alive = setInterval(() => {}, 1_000);
  clock?.setTimer(() => fired.resolve(clock.now()), 20);
  expect(await fired.promise).toBeGreaterThanOrEqual(due);
  clearInterval(alive);
});
