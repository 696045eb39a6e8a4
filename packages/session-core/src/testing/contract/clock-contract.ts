import assert from 'node:assert/strict';

import { steadyClock } from '../../clock/steady-clock.ts';
import { fakeMachineTime } from '../fake-time-sources.ts';
import { withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

const minute = 60_000;
const hour = 60 * minute;
/** What the kernel rounds the uptime to, and a millisecond. */
const roundingMs = 11;

const near = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) <= roundingMs, `${actual} is not near ${expected}`);
};

/** Promise 6: neither a jump of the clock nor the sleep of the machine ends early or lives on. */
export function clockContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('deadlines', () => {
    it('do not move when the wall clock is set, in either direction', () =>
      withContext(createFixture, async ({ manager }) => {
        const machine = fakeMachineTime();
        const one = manager({ clock: steadyClock(machine.sources()) });
        const { id } = await one.start({ kind: 'test', idleTtlMs: 10 * minute });
        machine.setWall(30 * 24 * hour);
        assert.equal((await one.get(id)).state, 'active');
        machine.setWall(-60 * 24 * hour);
        machine.advance(9 * minute);
        // A process that comes later, and sees the wrong time on the wall, agrees.
        const other = manager({ clock: steadyClock(machine.sources()) });
        assert.equal((await other.get(id)).state, 'active');
        machine.advance(2 * minute);
        assert.equal((await other.get(id)).endReason, 'idle_timeout');
        await other.sweep();
        const ended = await one.get(id);
        near((ended.endedAt ?? 0) - ended.startedAt, 10 * minute);
        assert.equal((await one.integrityCheck()).ok, true);
      }));

    it('count the sleep of the machine', () =>
      withContext(createFixture, async ({ manager }) => {
        const machine = fakeMachineTime();
        const [one, other] = [
          manager({ clock: steadyClock(machine.sources()) }),
          manager({ clock: steadyClock(machine.sources()) }),
        ];
        const short = await one.start({ kind: 'short', idleTtlMs: 10 * minute });
        const long = await one.start({ kind: 'long', idleTtlMs: 10 * hour });
        await other.open();
        const feed = other.watch();
        const told = feed.next();
        // From here on the timer is set.
        await other.sweep();
        machine.suspend(hour);
        machine.advance(31_000);
        const event = (await told).value;
        assert.deepEqual([event?.sessionId, event?.reason], [short.id, 'idle_timeout']);
        assert.equal((await other.get(long.id)).state, 'active');
        await feed.return?.();
      }));

    it('go on over a boot, also when the wall clock comes back wrong', () =>
      withContext(createFixture, async ({ manager }) => {
        const machine = fakeMachineTime();
        const one = manager({ clock: steadyClock(machine.sources()) });
        const soon = await one.start({ kind: 'test', idleTtlMs: hour });
        const later = await one.start({
          kind: 'test',
          idleTtlMs: 7 * 24 * hour,
          maxLifetimeMs: 8 * 24 * hour,
        });
        machine.advance(minute);
        await one.touch(later.id);
        await one.close();
        machine.reboot(2 * hour);
        const second = manager({ clock: steadyClock(machine.sources()) });
        assert.equal((await second.get(soon.id)).endReason, 'idle_timeout');
        assert.equal((await second.get(later.id)).state, 'active');
        await second.touch(later.id);
        await second.close();
        // Years back: the time that active sessions have seen is the least that it can be.
        machine.reboot(-10_000 * hour);
        const third = manager({ clock: steadyClock(machine.sources()) });
        assert.equal((await third.get(later.id)).state, 'active');
        machine.advance(7 * 24 * hour);
        assert.equal((await third.get(later.id)).endReason, 'idle_timeout');
      }));

    it('are apart from what people see, which is the wall clock at the start, going on evenly', () =>
      withContext(createFixture, async ({ manager }) => {
        const machine = fakeMachineTime();
        const one = manager({ clock: steadyClock(machine.sources()) });
        const before = await one.start({ kind: 'before' });
        assert.equal(before.clockOffsetMs, 0);
        machine.setWall(5 * hour);
        const wallAtStart = machine.wallMs;
        const after = await one.start({ kind: 'after', idleTtlMs: 10 * minute });
        near(after.startedAt, wallAtStart);
        near(after.clockOffsetMs, -5 * hour);
        machine.setWall(-48 * hour);
        machine.advance(minute);
        const [entry] = await one.record(after.id, { type: 'note', text: 'a minute later' });
        near(entry?.recordedAt ?? 0, wallAtStart + minute);
        const touched = await one.touch(after.id);
        near(touched.lastActiveAt, wallAtStart + minute);
        near(touched.expiresAt, wallAtStart + 11 * minute);
        assert.deepEqual(await one.get(after.id), touched);
        machine.advance(12 * minute);
        await one.sweep();
        const ended = await one.get(after.id);
        assert.equal(ended.endReason, 'idle_timeout');
        near(ended.endedAt ?? 0, wallAtStart + 11 * minute);
        assert.equal((await one.list({ state: 'ended' })).sessions.length, 1);
        assert.equal((await one.counts()).byReason.idle_timeout, 1);
      }));
  });
}
