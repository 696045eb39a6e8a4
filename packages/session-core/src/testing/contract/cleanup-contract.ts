import assert from 'node:assert/strict';

import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** Promise 4, and the end of a manager. */
export function cleanupContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('clean-up never creates', () => {
    it('refuses a start inside an end handler, at once, after an await, in a timer and by another manager', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        await other.open();
        const { id } = await one.start({ kind: 'test' });
        const attempts: Promise<unknown>[] = [];
        const handled = Promise.withResolvers<void>();
        one.events.on('session:ended', async () => {
          attempts.push(refused('CREATION_DURING_CLEANUP', one.start({ kind: 'zombie' })));
          await one.counts();
          attempts.push(refused('CREATION_DURING_CLEANUP', other.start({ kind: 'zombie' })));
          attempts.push(
            refused(
              'CREATION_DURING_CLEANUP',
              one.importSession({
                kind: 'zombie',
                source: 's',
                externalId: 'e',
                startedAt: 0,
                endedAt: 0,
                entries: [],
              }),
            ),
          );
          setTimeout(() => {
            attempts.push(refused('CREATION_DURING_CLEANUP', one.start({ kind: 'zombie' })));
            handled.resolve();
          }, 1);
        });
        await one.end(id);
        await handled.promise;
        assert.equal(attempts.length, 4);
        await Promise.all(attempts);
        assert.equal((await one.list()).sessions.length, 1);
        await one.start({ kind: 'outside of the handler' });
      }));

    it('refuses a start in the handlers of a sweep and of a shutdown', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const attempts: Promise<unknown>[] = [];
        one.events.on('session:ended', () => {
          attempts.push(refused('CREATION_DURING_CLEANUP', one.start({ kind: 'zombie' })));
        });
        await one.start({ kind: 'test', idleTtlMs: 1_000 });
        clock.jump(1_000);
        await one.sweep();
        await one.start({ kind: 'test' });
        await one.endOwned({ reason: 'shutdown' });
        assert.equal(attempts.length, 2);
        await Promise.all(attempts);
        assert.equal((await one.counts()).active, 0);
      }));

    it('survives a listener that fails, and reports it', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const reported: unknown[] = [];
        one.events.on('manager:error', ({ error }) => void reported.push(error));
        const failure = new Error('in a listener');
        one.events.on('session:ended', () => {
          throw failure;
        });
        const { id } = await one.start({ kind: 'test' });
        assert.equal((await one.end(id)).state, 'ended');
        assert.deepEqual(reported, [failure]);
      }));
  });

  describe('a manager', () => {
    it('ends what was started through it, and nothing else', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const mine = await one.start({ kind: 'mine' });
        const child = await one.start({ kind: 'child', parentId: mine.id });
        const done = await one.start({ kind: 'done' });
        await other.end(done.id);
        const theirs = await other.start({ kind: 'theirs' });
        const ended = await one.endOwned({ reason: 'client_disconnected', note: 'stdin ended' });
        assert.deepEqual(
          ended.map((session) => [session.id, session.endReason]),
          [
            [child.id, 'parent_ended'],
            [mine.id, 'client_disconnected'],
          ],
        );
        assert.equal((await other.get(theirs.id)).state, 'active');
        assert.deepEqual(await one.endOwned({ reason: 'shutdown' }), []);
      }));

    it('ends nothing when it closes, closes once, and refuses what comes after', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const { id } = await one.start({ kind: 'test' });
        const closing = one.close();
        assert.equal(one.close(), closing);
        await closing;
        await refused('MANAGER_CLOSED', one.get(id));
        await refused('MANAGER_CLOSED', one.start({ kind: 'test' }));
        assert.equal((await other.get(id)).state, 'active');
      }));
  });
}
