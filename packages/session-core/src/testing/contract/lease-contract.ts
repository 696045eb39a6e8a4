import assert from 'node:assert/strict';

import { currentIdentity, formatIdentity, type ProcessIdentity } from '@endwell/proc-guard';

import { steadyClock } from '../../clock/steady-clock.ts';
import { systemSurroundings, type Surroundings } from '../../owner/surroundings.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { fakeMachineTime } from '../fake-time-sources.ts';
import { fakeClock } from '../fake-clock.ts';
import { endEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

const second = 1_000;
const minute = 60 * second;

/** A process that runs a manager in another pid namespace: neither side can look at the other. */
function elsewhere(pid: number): { readonly identity: ProcessIdentity; readonly surroundings: Surroundings } {
  const identity = { ...currentIdentity(), pidNamespace: 1, pid };
  return { identity, surroundings: { ...systemSurroundings, self: () => identity } };
}

/** What other managers do in answer to a bell takes a moment; nothing here is about how long. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await condition())) {
    assert.ok(performance.now() < giveUpAt, 'it did not come to that');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

const leaseReaches = (store: SessionStore, owner: string, at: number): Promise<void> =>
  until(async () => ((await store.lease(owner)) ?? 0) >= at);

/** The lease: owners that nobody can look at. */
export function leaseContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('an owner that cannot be looked at', () => {
    it('lives while it gives a sign, and its sessions end when it gives none', () =>
      withContext(createFixture, async ({ clock, manager, store }) => {
        const { identity, surroundings } = elsewhere(41);
        const owner = formatIdentity(identity);
        const ownClock = fakeClock(clock.now());
        const hidden = manager({ clock: ownClock, owner: identity }, surroundings);
        const observer = manager();
        const probe = await store();
        const session = await hidden.start({ kind: 'hidden' });
        assert.equal(await probe.lease(owner), null, 'nobody has asked');
        await observer.open();
        await leaseReaches(probe, owner, clock.now() + 30 * second);
        await until(async () => ownClock.timerCount === 2);
        for (let round = 0; round < 30; round += 1) {
          ownClock.advance(10 * second);
          await leaseReaches(probe, owner, ownClock.now() + 30 * second);
          clock.advance(10 * second);
          await observer.sweep();
        }
        assert.equal((await observer.get(session.id)).state, 'active');

        // Stopped for longer than its lease: nothing of it runs while the observer's time goes on.
        clock.advance(29 * second);
        await observer.sweep();
        assert.equal((await observer.get(session.id)).state, 'active');
        const feed = observer.watch();
        const told = feed.next();
        await observer.counts();
        clock.advance(2 * second);
        const event = (await told).value;
        assert.deepEqual([event?.sessionId, event?.reason], [session.id, 'owner_died']);
        // It goes on, and resurrects nothing.
        ownClock.advance(31 * second);
        assert.equal((await refused('SESSION_ENDED', hidden.touch(session.id))).reason, 'owner_died');
        assert.equal((await endEvents(observer, session.id)).length, 1);
        assert.equal(await probe.lease(owner), undefined);
        // Only the one for the session that marks the end of the log.
        await until(async () => ownClock.timerCount === 1);
        const next = await hidden.start({ kind: 'hidden' });
        assert.equal(next.state, 'active');
        await feed.return?.();
      }));

    it('is not asked where somebody can look, and not believed dead where it runs no manager', () =>
      withContext(createFixture, async ({ clock, manager, store }) => {
        const { identity } = elsewhere(42);
        const probe = await store();
        const [one, other] = [manager({ owner: currentIdentity() }), manager()];
        await one.start({ kind: 'visible' });
        const unmanaged = await one.start({ kind: 'unmanaged', owner: identity });
        await other.open();
        await other.sweep();
        clock.advance(5 * minute);
        await other.sweep();
        assert.equal(await probe.lease(formatIdentity(currentIdentity())), null);
        assert.equal(await probe.lease(formatIdentity(identity)), undefined);
        assert.equal(clock.timerCount, 2, 'one timer a manager');
        assert.equal((await other.get(unmanaged.id)).state, 'active');
      }));

    it('gives no sign after its manager has closed, and its silence says nothing then', () =>
      withContext(createFixture, async ({ clock, manager, store }) => {
        const { identity, surroundings } = elsewhere(43);
        const owner = formatIdentity(identity);
        const probe = await store();
        const hidden = manager({ owner: identity }, surroundings);
        const observer = manager();
        const session = await hidden.start({ kind: 'hidden' });
        await observer.open();
        await leaseReaches(probe, owner, clock.now() + 30 * second);
        await hidden.close();
        assert.equal(await probe.lease(owner), undefined);
        clock.advance(5 * minute);
        await observer.sweep();
        assert.equal((await observer.get(session.id)).state, 'active');
      }));

    it('has one lease to come back after the machine has slept', () =>
      withContext(createFixture, async ({ manager, store }) => {
        const machine = fakeMachineTime();
        const { identity, surroundings } = elsewhere(44);
        const owner = formatIdentity(identity);
        const probe = await store();
        const hidden = manager({ clock: steadyClock(machine.sources()), owner: identity }, surroundings);
        const observer = manager({ clock: steadyClock(machine.sources()) });
        const session = await hidden.start({ kind: 'hidden', idleTtlMs: 24 * 60 * minute });
        await observer.open();
        await until(async () => typeof (await probe.lease(owner)) === 'number');
        // Two guardians and the one that gives the signs.
        await until(async () => machine.timerCount === 3);
        machine.advance(5 * second);
        machine.suspend(60 * minute);
        // The observer looks first, long after the lease.
        machine.advance(200);
        await observer.counts();
        await observer.sweep();
        assert.equal((await observer.get(session.id)).state, 'active');
        const before = (await probe.lease(owner)) ?? 0;
        for (let round = 0; round < 6; round += 1) {
          machine.advance(5 * second);
          await observer.sweep();
        }
        await leaseReaches(probe, owner, before + 60 * minute);
        assert.equal((await observer.get(session.id)).state, 'active');
      }));
  });

  describe('waking up', () => {
    it('ends what is overdue at a capped rate, and all of it', () =>
      withContext(createFixture, async ({ manager }) => {
        const machine = fakeMachineTime();
        const one = manager({ clock: steadyClock(machine.sources()), maxEndsPerSecond: 10 });
        const total = 55;
        for (let index = 0; index < total; index += 1) {
          await one.start({ kind: 'test', idleTtlMs: 10 * minute });
        }
        await one.sweep();
        const told: string[] = [];
        one.events.on('session:ended', ({ session }) => void told.push(session.id));
        machine.suspend(60 * minute);
        machine.advance(30_001);
        const perSecond: number[] = [];
        for (let round = 1; told.length < total; round += 1) {
          const before = told.length;
          await until(async () => told.length >= Math.min(total, round * 10));
          await one.counts();
          perSecond.push(told.length - before);
          machine.advance(1_001);
        }
        assert.deepEqual(perSecond, [10, 10, 10, 10, 10, 5]);
        const { active, byReason } = await one.counts();
        assert.deepEqual([active, byReason.idle_timeout], [0, total]);
      }));
  });
}
