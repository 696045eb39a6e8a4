import assert from 'node:assert/strict';

import { refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** What is older than it is to be kept goes, and nothing else, and not without saying so. */
export function retentionContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  const day = 24 * 3_600_000;

  describe('retention', () => {
    it('drops old ended sessions and old events, tells of it, and keeps what is needed', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const keeper = manager();
        const old = await keeper.start({ kind: 'old' });
        await keeper.record(old.id, { type: 'note', text: 'forgotten' });
        await keeper.end(old.id);
        const running = await keeper.start({ kind: 'running', idleTtlMs: 7 * day, maxLifetimeMs: 30 * day });
        clock.jump(3 * day);
        const recent = await keeper.start({ kind: 'recent' });
        await keeper.end(recent.id);

        const dropped = Promise.withResolvers<object>();
        const quiet = (): void => {};
        const info = (fields: object, message: string): void => {
          if (message.startsWith('dropped')) dropped.resolve(fields);
        };
        const logger = { debug: quiet, info, warn: quiet, error: (fields: object) => dropped.reject(fields) };
        const one = manager({ retention: { endedSessionsMs: day, eventsMs: day }, logger });
        await one.touch(running.id);
        const told = (await dropped.promise) as { sessions: number; entries: number; events: number };
        assert.deepEqual([told.sessions, told.entries], [1, 1]);
        assert.ok(told.events >= 1);
        await refused('SESSION_NOT_FOUND', one.get(old.id));
        assert.equal((await one.get(recent.id)).state, 'ended');
        assert.equal((await one.get(running.id)).state, 'active');
        assert.equal((await one.search({ text: 'forgotten' })).hits.length, 0);
        assert.deepEqual((await one.integrityCheck()).problems, []);

        const feed = one.watch({ after: 'start' });
        const kinds: string[] = [];
        for await (const event of feed) {
          kinds.push(event.type);
          if (event.type === 'session:purged') break;
        }
        assert.deepEqual(kinds, ['session:started', 'session:ended', 'session:purged']);
        await refused('CURSOR_EXPIRED', one.watch({ after: '0' }).next());
      }));

    it('keeps everything unless it is told otherwise', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        await one.end(id);
        clock.jump(1_000 * day);
        await one.start({ kind: 'test' });
        assert.equal((await one.get(id)).state, 'ended');
        assert.equal((await one.watch({ after: '0' }).next()).value?.sessionId, id);
      }));

    it('keeps a parent for as long as what is below it', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const parent = await one.start({ kind: 'parent' });
        await one.end(parent.id);
        clock.jump(2 * day);
        const { session: child } = await one.importSession({
          kind: 'child',
          source: 's',
          externalId: 'e',
          parentId: parent.id,
          startedAt: clock.now() - 2,
          endedAt: clock.now() - 1,
          entries: [],
        });
        const quiet = (): void => {};
        const done = Promise.withResolvers<void>();
        const info = (_: object, message: string): void => {
          if (message.startsWith('dropped')) done.resolve();
        };
        const other = await one.start({ kind: 'other' });
        const cleaner = manager({
          retention: { endedSessionsMs: day },
          logger: { debug: quiet, info, warn: quiet, error: (fields: object) => done.reject(fields) },
        });
        // Another old session shows that the cleaner has been there.
        await one.importSession({
          kind: 'old',
          source: 's',
          externalId: 'o',
          startedAt: 1,
          endedAt: 2,
          entries: [],
        });
        await cleaner.touch(other.id);
        await done.promise;
        assert.equal((await one.get(parent.id)).state, 'ended');
        assert.equal((await one.get(child.id)).parentId, parent.id);
        assert.equal((await one.list({ kind: 'old' })).sessions.length, 0);
      }));
  });
}
