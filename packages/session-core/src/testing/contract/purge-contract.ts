import assert from 'node:assert/strict';

import { allEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** What is purged is gone from everything that can be asked, and stays gone. */
export function purgeContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('a purge', () => {
    it('of a session takes what is below it, and leaves the rest as it was', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const kept = await one.start({ kind: 'test', project: 'p' });
        await one.record(kept.id, { type: 'note', text: 'common kept' });
        const parent = await one.start({ kind: 'test', project: 'p', metadata: { secret: true } });
        const child = await one.start({ kind: 'test', parentId: parent.id });
        await one.record(parent.id, [
          { type: 'note', text: 'common parent' },
          { type: 'note', text: 'common too' },
        ]);
        await one.record(child.id, { type: 'note', data: { said: 'common child' } });
        await one.end(parent.id);

        assert.deepEqual(await other.purge({ sessionId: parent.id }), {
          sessions: 2,
          entries: 3,
          pending: false,
        });
        for (const { id } of [parent, child]) {
          await refused('SESSION_NOT_FOUND', one.get(id));
          await refused('SESSION_NOT_FOUND', one.entries(id));
          await refused('SESSION_NOT_FOUND', one.touch(id));
          await refused('SESSION_NOT_FOUND', one.purge({ sessionId: id }));
        }
        const { hits } = await one.search({ text: 'common' });
        assert.deepEqual(
          hits.map(({ entry }) => entry.text),
          ['common kept'],
        );
        const counts = await one.counts();
        assert.deepEqual([counts.active, counts.ended, counts.entries], [1, 0, 1]);
        assert.deepEqual((await one.integrityCheck()).problems, []);
        await one.record(kept.id, { type: 'note', text: 'goes on' });
      }));

    it('is told to everybody, once, in place of what happened before', () =>
      withContext(createFixture, async ({ manager }) => {
        const [one, other] = [manager(), manager()];
        const kept = await one.start({ kind: 'test' });
        const session = await one.start({ kind: 'test' });
        await one.record(session.id, { type: 'note', text: 'x' });
        const feed = other.watch({ after: 'start' });
        assert.equal((await feed.next()).value?.sessionId, kept.id);
        await one.purge({ sessionId: session.id }, { endActive: true });
        await one.end(kept.id);
        const events = await allEvents(one);
        assert.deepEqual(
          events.map(({ type, sessionId }) => [type, sessionId]),
          [
            ['session:started', kept.id],
            ['session:purged', session.id],
            ['session:ended', kept.id],
          ],
        );
        await feed.return?.();
        const rest = other.watch({ after: events[0]?.cursor ?? '' });
        assert.equal((await rest.next()).value?.type, 'session:purged');
        assert.equal((await rest.next()).value?.type, 'session:ended');
        await rest.return?.();
      }));

    it('refuses what is active, unless it is told to end it, once and with its own event', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const parent = await one.start({ kind: 'test', project: 'p' });
        const child = await one.start({ kind: 'test', project: 'p', parentId: parent.id });
        const ended = await one.start({ kind: 'test', project: 'p' });
        await one.end(ended.id);
        for (const target of [{ sessionId: parent.id }, { project: 'p' }]) {
          const refusal = await refused('SESSION_ACTIVE', one.purge(target));
          assert.ok(refusal.sessionId === child.id || refusal.sessionId === parent.id);
        }
        assert.equal((await one.counts()).active, 2);
        const seen: string[] = [];
        one.events.on('session:ended', ({ session }) => void seen.push(`${session.id} ${session.endReason}`));
        const { sessions } = await one.purge({ project: 'p' }, { endActive: true });
        assert.equal(sessions, 3);
        assert.deepEqual(seen, [`${child.id} parent_ended`, `${parent.id} terminated`]);
        // What is past its deadline is not active, although nobody has stored its end.
        const late = await one.start({ kind: 'test', idleTtlMs: 1_000 });
        clock.jump(2_000);
        assert.equal((await one.purge({ sessionId: late.id })).sessions, 1);
      }));

    it('of a project takes its sessions and no others', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        for (let index = 0; index < 30; index += 1) {
          const { id } = await one.start({ kind: 'test', project: index % 3 === 0 ? 'a' : 'b' });
          await one.record(id, { type: 'note', text: `entry of ${index}` });
          await one.end(id);
        }
        assert.deepEqual(await one.purge({ project: 'a' }), { sessions: 10, entries: 10, pending: false });
        assert.deepEqual(await one.purge({ project: 'a' }), { sessions: 0, entries: 0, pending: false });
        const { sessions } = await one.list();
        assert.equal(sessions.length, 20);
        assert.ok(sessions.every((session) => session.project === 'b'));
        assert.equal((await one.search({ text: 'entry', limit: 100 })).hits.length, 20);
      }));

    it('keeps the chain of continuations together', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const chain = [];
        for (let index = 0; index < 3; index += 1) {
          const session = await one.start({ kind: 'test', source: 'agent', externalId: 'x' });
          await one.end(session.id);
          chain.push(session);
        }
        const [first, second, third] = chain;
        await one.purge({ sessionId: second?.id ?? '' });
        assert.equal((await one.get(third?.id ?? '')).continues, first?.id);
        await one.purge({ sessionId: first?.id ?? '' });
        assert.equal((await one.get(third?.id ?? '')).continues, null);
        const next = await one.start({ kind: 'test', source: 'agent', externalId: 'x' });
        assert.equal(next.continues, third?.id);
      }));

    it('of an entry leaves a tombstone, also in a session that is active', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const [one, other] = [manager(), manager()];
        const { id } = await one.start({ kind: 'test' });
        const secret = {
          type: 'note',
          text: 'a secret',
          data: { deep: ['secret'] },
          idempotencyKey: 'k2',
          occurredAt: 5,
        };
        await one.record(id, { type: 'note', text: 'first' });
        const [recorded] = await one.record(id, secret);
        await one.record(id, { type: 'note', text: 'third' });
        assert.deepEqual(await other.purge({ sessionId: id, sequence: 2 }), {
          sessions: 0,
          entries: 1,
          pending: false,
        });
        const tombstone = {
          sessionId: id,
          sequence: 2,
          type: 'purged',
          text: null,
          data: null,
          idempotencyKey: null,
          recordedAt: recorded?.recordedAt,
          occurredAt: null,
          purgedAt: clock.now(),
        };
        const { entries } = await one.entries(id);
        assert.deepEqual(entries[1], tombstone);
        assert.deepEqual(
          entries.map((entry) => entry.sequence),
          [1, 2, 3],
        );
        assert.equal((await one.search({ text: 'secret' })).hits.length, 0);
        assert.deepEqual(await one.record(id, secret), [tombstone], 'a retry does not bring it back');
        assert.deepEqual(await one.record(id, { ...secret, text: 'other' }), [tombstone]);
        const [next] = await one.record(id, { type: 'note', text: 'fourth' });
        assert.equal(next?.sequence, 4);
        assert.deepEqual(await one.purge({ sessionId: id, sequence: 2 }), {
          sessions: 0,
          entries: 0,
          pending: false,
        });
        const told = (await allEvents(one)).filter((event) => event.type === 'session:purged');
        assert.deepEqual(
          told.map((event) => [event.sessionId, event.sequence]),
          [[id, 2]],
        );
        assert.deepEqual((await one.integrityCheck()).problems, []);
        await one.purge({ sessionId: id }, { endActive: true });
        assert.equal((await one.counts()).entries, 0);
      }));

    it('of an imported entry is not undone by the next import', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const history = {
          kind: 'test',
          source: 'agent',
          externalId: 'x',
          startedAt: 1,
          endedAt: 2,
          entries: [{ type: 'note', text: 'imported', idempotencyKey: 'a' }],
        };
        const { session } = await one.importSession(history);
        await one.purge({ sessionId: session.id, sequence: 1 });
        assert.equal((await one.importSession(history)).added, 0);
        assert.equal((await one.search({ text: 'imported' })).hits.length, 0);
      }));

    it('refuses what it does not understand, and what is not there', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        await refused('SESSION_NOT_FOUND', one.purge({ sessionId: 'ses_none' }));
        await refused('SESSION_NOT_FOUND', one.purge({ sessionId: 'ses_none', sequence: 1 }));
        for (const target of [
          {},
          { sessionId: id, sequence: 0 },
          { sessionId: id, project: 'p' },
          { sequence: 1 },
        ]) {
          await refused('INVALID_OPTIONS', one.purge(target as never));
        }
        assert.equal(
          (await refused('INVALID_OPTIONS', one.purge({ sessionId: id, sequence: 1 }))).path,
          'sequence',
        );
        assert.equal((await one.get(id)).state, 'active');
      }));
  });
}
