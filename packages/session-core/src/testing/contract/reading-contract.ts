import assert from 'node:assert/strict';

import { currentIdentity, formatIdentity } from '@endwell/proc-guard';

import type { ListOptions } from '../../manager/session-manager.ts';
import { allEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** Lists and the event feed. */
export function readingContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('lists', () => {
    it('are newest first, in pages that neither skip nor repeat, also when all started at once', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const ids: string[] = [];
        for (let index = 0; index < 23; index += 1) {
          if (index % 4 === 0) clock.jump(1_000);
          const options = { kind: index % 2 === 0 ? 'even' : 'odd', project: index < 10 ? 'a' : 'b' };
          ids.push((await one.start(options)).id);
        }
        const seen: string[] = [];
        let cursor: string | null | undefined;
        do {
          const page = await one.list({ limit: 5, cursor });
          seen.push(...page.sessions.map((session) => session.id));
          cursor = page.nextCursor;
        } while (cursor !== null);
        assert.equal(new Set(seen).size, 23);
        assert.deepEqual(new Set(seen), new Set(ids));
        const times = await Promise.all(seen.map(async (id) => (await one.get(id)).startedAt));
        assert.deepEqual(
          times,
          times.toSorted((left, right) => right - left),
        );
        assert.equal((await one.list({ project: 'a', kind: 'even' })).sessions.length, 5);
        assert.equal((await one.list({ project: 'none' })).sessions.length, 0);
        await refused('INVALID_OPTIONS', one.list({ cursor: 'nonsense' }));
      }));

    it('filter by user, owner, time and reason, also what nobody has swept yet', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const from = clock.now();
        const owner = { ...currentIdentity(), pidNamespace: 1 };
        const ids: string[] = [];
        for (const options of [
          { user: 'ada', owner },
          { user: 'bob', owner },
          { user: 'ada', idleTtlMs: 500 },
          { user: 'ada', maxLifetimeMs: 500 },
        ]) {
          ids.push((await one.start({ kind: 'test', ...options })).id);
          clock.jump(100);
        }
        const found = async (filter: ListOptions): Promise<number[]> =>
          (await one.list(filter)).sessions
            .map((session) => ids.indexOf(session.id))
            .toSorted((left, right) => left - right);
        assert.deepEqual(await found({ user: 'ada' }), [0, 2, 3]);
        assert.deepEqual(await found({ ownerIdentity: formatIdentity(owner) }), [0, 1]);
        assert.deepEqual(await found({ ownerIdentity: formatIdentity(owner), user: 'bob' }), [1]);
        assert.deepEqual(await found({ startedFrom: from + 100, startedTo: from + 300 }), [1, 2]);
        assert.deepEqual(await found({ endReason: 'idle_timeout' }), []);
        clock.jump(500);
        assert.deepEqual(await found({ endReason: 'idle_timeout' }), [2]);
        assert.deepEqual(await found({ endReason: 'max_lifetime', user: 'ada' }), [3]);
        await one.sweep();
        await one.end(ids[1] ?? '');
        assert.deepEqual(await found({ endReason: 'idle_timeout' }), [2]);
        assert.deepEqual(await found({ endReason: 'completed', startedFrom: from }), [1]);
        assert.deepEqual(await found({ state: 'active', endReason: 'completed' }), []);
      }));
  });

  describe('the event feed', () => {
    it('tells every reader everything, once and in order, and goes on from a cursor', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const session = await one.start({ kind: 'test' });
        await other.record(session.id, { type: 'message', text: 'hello' });
        await one.end(session.id);
        const expected = ['session:started', 'session:recorded', 'session:ended'];
        const events = await allEvents(other);
        assert.deepEqual(
          events.map((event) => event.type),
          expected,
        );
        assert.deepEqual(
          events.map((event) => [event.revision, event.sequence, event.reason]),
          [
            [1, null, null],
            [1, 1, null],
            [2, null, 'completed'],
          ],
        );
        for (const [index, event] of events.entries()) {
          const rest: string[] = [];
          for await (const next of one.watch({ after: event.cursor })) {
            rest.push(next.type);
            if (rest.length === 3 - index) break;
          }
          assert.deepEqual(rest, [...expected.slice(index + 1), 'session:started']);
        }
      }));

    it('waits for what comes, from the moment of the call on', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        await one.start({ kind: 'before' });
        await other.open();
        const feed = other.watch();
        const next = feed.next();
        const { id } = await one.start({ kind: 'after' });
        assert.equal((await next).value?.sessionId, id);
        const waiting = feed.next();
        await one.end(id);
        assert.equal((await waiting).value?.reason, 'completed');
        await feed.return?.();
      }));

    it('ends with its signal, with its manager, and with a cursor that is not kept', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        await one.start({ kind: 'test' });
        const controller = new AbortController();
        const aborted = one.watch({ signal: controller.signal }).next();
        const reason = new Error('enough');
        controller.abort(reason);
        await assert.rejects(aborted, (error) => error === reason);
        await refused('CURSOR_EXPIRED', one.watch({ after: '999999' }).next());
        await refused('INVALID_OPTIONS', one.watch({ after: 'yesterday' }).next());
        const waiting = other.watch();
        const last = waiting.next();
        await other.counts();
        await other.close();
        assert.equal((await last).done, true);
      }));
  });
}
