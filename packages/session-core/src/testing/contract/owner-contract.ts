import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { currentIdentity, readIdentity, type ProcessIdentity } from '@endwell/proc-guard';

import { systemClock } from '../../clock/steady-clock.ts';
import { endEvents, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** The owner's part of promise 3, with real processes. */
export function ownerContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('the death of an owner', () => {
    it('ends its sessions at once, whoever started them, and their children too', () =>
      withContext(createFixture, async ({ manager }) => {
        await using owner = await startOwner();
        const [one, watcher] = [manager({ clock: systemClock() }), manager({ clock: systemClock() })];
        await watcher.open();
        const owned = await one.start({ kind: 'owned', owner: owner.identity });
        const child = await one.start({ kind: 'child', parentId: owned.id });
        const mine = await one.start({ kind: 'mine', owner: currentIdentity() });
        // Only the other manager is left to see it, and it never started anything.
        await one.close();
        const feed = watcher.watch();
        const first = feed.next();
        await watcher.counts();
        owner.process.kill('SIGKILL');
        const events = [(await first).value, (await feed.next()).value];
        assert.deepEqual(
          events.map((event) => [event?.sessionId, event?.reason]),
          [
            [child.id, 'parent_ended'],
            [owned.id, 'owner_died'],
          ],
        );
        assert.equal((await watcher.get(mine.id)).state, 'active');
        assert.equal((await endEvents(watcher, owned.id)).length, 1);
        // A session for an owner that is known to be dead does not live on either.
        const late = await watcher.start({ kind: 'late', owner: owner.identity });
        for await (const event of watcher.watch({ after: 'start' })) {
          if (event.type === 'session:ended' && event.sessionId === late.id) break;
        }
        assert.equal((await watcher.get(late.id)).endReason, 'owner_died');
      }));

    it('that nobody saw ends its sessions at the next open', () =>
      withContext(createFixture, async ({ manager }) => {
        const ids: string[] = [];
        {
          await using owner = await startOwner();
          const one = manager();
          for (let index = 0; index < 3; index += 1) {
            ids.push((await one.start({ kind: 'owned', owner: owner.identity })).id);
          }
          await one.close();
        }
        const next = manager();
        await next.open();
        for (const id of ids) assert.equal((await next.get(id)).endReason, 'owner_died');
      }));

    it('wins over the reason that its pipe gave', () =>
      withContext(createFixture, async ({ manager }) => {
        await using owner = await startOwner();
        const one = manager({ owner: owner.identity });
        const { id } = await one.start({ kind: 'owned' });
        const gone = once(owner.process.stdout!, 'close');
        owner.process.kill('SIGKILL');
        await gone;
        await one.endOwned({ reason: 'client_disconnected' });
        assert.equal((await one.get(id)).endReason, 'owner_died');
      }));

    it('of an earlier boot has happened', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const owner = { ...currentIdentity(), bootId: '00000000-0000-4000-8000-000000000000' };
        const { id } = await one.start({ kind: 'owned', owner });
        await one.sweep();
        assert.equal((await one.get(id)).endReason, 'owner_died');
      }));
  });
}

interface Owner extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly identity: ProcessIdentity;
}

/** A process that says when it runs and then waits. */
async function startOwner(): Promise<Owner> {
  const script = 'console.log("ready"); setInterval(() => {}, 60_000)';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const identity = readIdentity(child.pid ?? 0);
  assert.ok(identity !== undefined);
  return {
    process: child,
    identity,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
