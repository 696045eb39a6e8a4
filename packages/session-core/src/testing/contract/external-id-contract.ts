import assert from 'node:assert/strict';

import { currentIdentity } from '@endwell/proc-guard';

import { endEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

const linked = { kind: 'agent', source: 'test-agent', externalId: 'conversation 1' };

/** Owners in another pid namespace: nobody here can look at them, so that nothing else ends their sessions. */
const ownerOne = { ...currentIdentity(), pidNamespace: 1, pid: 11 };
const ownerTwo = { ...ownerOne, pid: 12 };

/** An agent's own id, and history that is taken in. */
export function externalIdContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('an external id', () => {
    it('belongs to one active session, and links those that follow', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const first = await one.start(linked);
        const error = await refused('EXTERNAL_ID_IN_USE', one.start(linked));
        assert.equal(error.sessionId, first.id);
        await one.start({ ...linked, source: 'another-agent' });
        await one.end(first.id);
        const second = await one.start(linked);
        assert.deepEqual([first.continues, second.continues], [null, first.id]);
        assert.equal((await one.get(first.id)).state, 'ended');
        const { sessions } = await one.list({ source: linked.source, externalId: linked.externalId });
        assert.equal(sessions.length, 2);
      }));

    it('is free again when its session is overdue', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const first = await one.start({ ...linked, idleTtlMs: 1_000 });
        clock.jump(1_000);
        const second = await one.start(linked);
        assert.equal(second.continues, first.id);
        assert.equal((await one.get(first.id)).endReason, 'idle_timeout');
      }));

    it('passes to a new owner, which ends the old session as superseded', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const first = await one.start({ ...linked, owner: ownerOne });
        const child = await one.start({ kind: 'child', parentId: first.id, owner: null });
        await refused('EXTERNAL_ID_IN_USE', one.start({ ...linked, owner: ownerOne }));
        await refused('INVALID_OPTIONS', one.start({ ...linked, owner: ownerTwo, parentId: child.id }));
        const second = await one.start({ ...linked, owner: ownerTwo });
        assert.equal(second.continues, first.id);
        assert.equal((await one.get(first.id)).endReason, 'superseded');
        assert.equal((await one.get(child.id)).endReason, 'parent_ended');
        assert.equal((await endEvents(one, first.id)).length, 1);
      }));
  });

  describe('an import', () => {
    const history = {
      kind: 'agent',
      project: '/work',
      source: 'test-agent',
      externalId: 'conversation 2',
      startedAt: 1_600_000_000_000,
      endedAt: 1_600_000_060_000,
      entries: [
        { type: 'message', text: 'hello', idempotencyKey: 'line 1', occurredAt: 1_600_000_000_000 },
        { type: 'action', data: { tool: 'ls' }, idempotencyKey: 'line 2' },
      ],
    };

    it('stores a session that has ended, with one event, and adds nothing the second time', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { session, added } = await one.importSession(history);
        assert.equal(added, 2);
        assert.deepEqual(
          [session.state, session.endReason, session.startedAt, session.endedAt, session.entryCount],
          ['ended', 'imported', history.startedAt, history.endedAt, 2],
        );
        assert.deepEqual(await one.get(session.id), session);
        const other = manager();
        assert.deepEqual(await other.importSession(history), { session, added: 0 });
        assert.equal((await endEvents(one, session.id)).length, 1);
        await refused('SESSION_ENDED', one.record(session.id, { type: 'message', text: 'more' }));
        assert.equal((await one.integrityCheck()).ok, true);
      }));

    it('takes in what is new of a transcript that has grown', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { session } = await one.importSession(history);
        const grown = {
          ...history,
          endedAt: history.endedAt + 5_000,
          entries: [...history.entries, { type: 'message', text: 'bye', idempotencyKey: 'line 3' }],
        };
        const extended = await one.importSession(grown);
        assert.deepEqual(
          [extended.added, extended.session.id, extended.session.endedAt, extended.session.revision],
          [1, session.id, grown.endedAt, 2],
        );
        const { entries } = await one.entries(session.id);
        assert.deepEqual(
          entries.map((entry) => [entry.sequence, entry.idempotencyKey]),
          [
            [1, 'line 1'],
            [2, 'line 2'],
            [3, 'line 3'],
          ],
        );
      }));

    it('keeps the newest metadata, gets a parent once, and is never below itself', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const parent = (await one.importSession({ ...history, externalId: 'parent' })).session;
        const first = (await one.importSession({ ...history, metadata: { turns: 1 } })).session;
        const again = await one.importSession({ ...history, parentId: parent.id });
        assert.deepEqual(
          [again.added, again.session.parentId, again.session.metadata, again.session.revision],
          [0, parent.id, { turns: 1 }, 2],
        );
        const endedAt = history.endedAt + 1;
        const grown = await one.importSession({ ...history, endedAt, metadata: { turns: 2 } });
        assert.deepEqual(
          [grown.session.metadata, grown.session.revision, grown.session.parentId],
          [{ turns: 2 }, 3, parent.id],
        );
        const older = await one.importSession({ ...history, metadata: { turns: 1 } });
        assert.deepEqual(older.session, grown.session);
        assert.deepEqual(await one.get(first.id), grown.session);
        assert.deepEqual(await one.children(parent.id), [grown.session]);
        const loop = { ...history, externalId: 'parent', parentId: first.id };
        assert.equal((await refused('INVALID_OPTIONS', one.importSession(loop))).path, 'parentId');
        await refused('SESSION_NOT_FOUND', one.importSession({ ...history, parentId: 'ses_none' }));
        const live = await one.start({ kind: 'live' });
        const below = { ...history, externalId: 'below', parentId: live.id };
        assert.equal((await one.importSession(below)).session.parentId, live.id);
        await one.end(live.id);
        assert.equal((await one.integrityCheck()).ok, true);
      }));

    it('does not take in again what was recorded live', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { source, externalId } = history;
        const live = await one.start({ kind: 'agent', source, externalId });
        assert.equal((await refused('EXTERNAL_ID_IN_USE', one.importSession(history))).sessionId, live.id);
        await one.end(live.id);
        await refused('EXTERNAL_ID_IN_USE', one.importSession(history));

        const other = { ...history, externalId: 'conversation 3' };
        const { session } = await one.importSession(other);
        const resumed = await one.start({ kind: 'agent', source, externalId: other.externalId });
        assert.equal(resumed.continues, session.id);
        const line = { type: 'message', text: 'after the resume', idempotencyKey: 'line 3' };
        await one.record(resumed.id, line);
        const again = await one.importSession({ ...other, entries: [...other.entries, line] });
        assert.equal(again.added, 0);
      }));

    it('needs keys, an end that is not before the start, and both names', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const keyless = { ...history, entries: [{ type: 'message', text: 'no key' }] };
        assert.equal((await refused('INVALID_ENTRY', one.importSession(keyless))).path, '0.idempotencyKey');
        const backwards = { ...history, endedAt: history.startedAt - 1 };
        assert.equal((await refused('INVALID_OPTIONS', one.importSession(backwards))).path, 'endedAt');
        assert.deepEqual((await one.list()).sessions, []);
      }));
  });
}
