import assert from 'node:assert/strict';

import { currentIdentity } from '@endwell/proc-guard';

import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** In another pid namespace, so that nobody here can look at it. */
const stranger = { ...currentIdentity(), pidNamespace: 1, pid: 21 };

/** The part of promise 4 that holds a cascade: quotas and the creation rate. */
export function limitContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('quotas', () => {
    it('hold per owner, per project and for the store, also when managers start at once', () =>
      withContext(createFixture, async ({ manager }) => {
        const quotas = { perOwner: 3, perProject: 5, perStore: 8 };
        const managers = [manager({ quotas }), manager({ quotas }), manager({ quotas })];
        const many = async (options: object): Promise<number> => {
          const results = await Promise.allSettled(
            Array.from({ length: 12 }, (_, index) =>
              managers[index % 3]!.start({ kind: 'test', ...options }),
            ),
          );
          return results.filter((result) => result.status === 'fulfilled').length;
        };
        assert.equal(await many({ project: 'a', owner: stranger }), 3);
        assert.equal(await many({ project: 'a' }), 2);
        assert.equal(await many({ project: null }), 3);
        assert.equal((await managers[0]!.counts()).active, 8);
        const [one] = managers;
        const error = await refused('SESSION_QUOTA', one!.start({ kind: 'test', project: 'b' }));
        assert.ok((error.retryAfterMs ?? 0) >= 1_000 && (error.retryAfterMs ?? 0) <= 60_000);
        assert.equal(error.path, 'quotas.perStore');
        assert.equal((await one!.integrityCheck()).ok, true);
      }));

    it('count what is active: an end, however it comes, makes room', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager({ quotas: { perProject: 2 } });
        const first = await one.start({ kind: 'test', project: 'a' });
        await one.start({ kind: 'child', project: 'a', parentId: first.id, idleTtlMs: 30_000 });
        const error = await refused('SESSION_QUOTA', one.start({ kind: 'test', project: 'a' }));
        assert.deepEqual([error.retryAfterMs, error.path], [30_000, 'quotas.perProject']);
        await one.start({ kind: 'test', project: 'b' });
        await one.end(first.id);
        await one.start({ kind: 'test', project: 'a', idleTtlMs: 5_000 });
        await one.start({ kind: 'test', project: 'a', idleTtlMs: 5_000 });
        const told: string[] = [];
        one.events.on('session:ended', ({ session }) => void told.push(session.id));
        clock.jump(5_000);
        // Nobody has swept: the start itself ends what is overdue.
        await one.start({ kind: 'test', project: 'a' });
        assert.equal(told.length, 2);
        assert.equal((await one.integrityCheck()).ok, true);
      }));

    it('let a session take the place of the one that it supersedes', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager({ quotas: { perProject: 1, perStore: 1 } });
        const linked = { kind: 'test', project: 'a', source: 's', externalId: 'e' };
        const first = await one.start(linked);
        await refused('SESSION_QUOTA', one.start({ kind: 'test', project: 'a' }));
        await refused('SESSION_QUOTA', one.start({ ...linked, externalId: 'f', owner: stranger }));
        assert.equal((await one.get(first.id)).state, 'active', 'a refusal ends nothing');
        const second = await one.start({ ...linked, owner: stranger });
        assert.equal(second.continues, first.id);
      }));

    it('do not count imports', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager({ quotas: { perStore: 1 }, startRate: { perSecond: 1, burst: 1 } });
        await one.start({ kind: 'test' });
        for (let index = 0; index < 5; index += 1) {
          const history = { kind: 'old', source: 's', externalId: String(index), entries: [] };
          await one.importSession({ ...history, startedAt: 0, endedAt: 1 });
        }
        assert.deepEqual((await one.counts()).byReason.imported, 5);
      }));
  });

  describe('the creation rate', () => {
    it('lets a burst through, then so many a second, for each project apart', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const startRate = { perSecond: 2, burst: 4 };
        const [one, other] = [manager({ startRate }), manager({ startRate })];
        const start = (project: string): Promise<unknown> => one.start({ kind: 'test', project });
        for (let index = 0; index < 4; index += 1) {
          await (index % 2 === 0 ? one : other).start({ kind: 'test', project: 'a' });
        }
        const error = await refused('SESSION_RATE', other.start({ kind: 'test', project: 'a' }));
        assert.equal(error.retryAfterMs, 500);
        await start('b');
        clock.jump(499);
        assert.equal((await refused('SESSION_RATE', start('a'))).retryAfterMs, 1);
        clock.jump(1);
        await start('a');
        await refused('SESSION_RATE', start('a'));
        clock.jump(60_000);
        for (let index = 0; index < 4; index += 1) await start('a');
        await refused('SESSION_RATE', start('a'));
        assert.equal((await one.counts()).active, 10);
      }));

    it('takes nothing for a start that is refused for another reason', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager({ startRate: { perSecond: 1, burst: 2 } });
        const linked = { kind: 'test', source: 's', externalId: 'e' };
        await one.start(linked);
        for (let index = 0; index < 5; index += 1) {
          await refused('EXTERNAL_ID_IN_USE', one.start(linked));
        }
        await one.start({ kind: 'test' });
        await refused('SESSION_RATE', one.start({ kind: 'test' }));
      }));

    it('is not held up by a bucket that a clock far ahead has left behind', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager({ startRate: { perSecond: 1, burst: 1 } });
        clock.jump(365 * 86_400_000);
        await one.start({ kind: 'test' });
        clock.jump(-365 * 86_400_000);
        await one.start({ kind: 'test' });
        await refused('SESSION_RATE', one.start({ kind: 'test' }));
      }));
  });
}
