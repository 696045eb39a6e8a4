import assert from 'node:assert/strict';

import { currentIdentity } from '@endwell/proc-guard';

import { allEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

const ownerOne = { ...currentIdentity(), pidNamespace: 1, pid: 31 };
const ownerTwo = { ...ownerOne, pid: 32 };

const agent = { kind: 'agent', source: 'test-agent', externalId: 'conversation 9', owner: ownerOne };
const line = (number: number): { type: string; text: string; idempotencyKey: string } => ({
  type: 'message',
  text: `line ${number}`,
  idempotencyKey: `line ${number}`,
});

/** What a hook hands over, again and again, under the agent's own id. */
export function liveRecordContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('recording under an external id', () => {
    it('starts one session, records what is new into it, and counts as activity', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const [one, other] = [manager(), manager()];
        const told: string[] = [];
        one.events.on('session:started', () => void told.push('started'));
        one.events.on('session:recorded', ({ entries }) => void told.push(`recorded ${entries.length}`));
        const first = await one.recordByExternalId({ ...agent, entries: [line(1), line(2)] });
        assert.deepEqual([first.started, first.added, first.session.entryCount], [true, 2, 2]);
        assert.deepEqual(await one.get(first.session.id), first.session);
        assert.deepEqual(told, ['started', 'recorded 2']);
        clock.jump(1_000);
        const second = await other.recordByExternalId({
          ...agent,
          entries: [line(1), line(2), line(3), line(3)],
        });
        assert.deepEqual([second.started, second.added, second.session.id], [false, 1, first.session.id]);
        clock.jump(1_000);
        const third = await other.recordByExternalId({ ...agent, entries: [line(3)] });
        assert.deepEqual([third.started, third.added], [false, 0]);
        assert.equal(third.session.lastActiveAt, clock.now());
        const { entries } = await one.entries(first.session.id);
        assert.deepEqual(
          entries.map((entry) => [entry.sequence, entry.text]),
          [
            [1, 'line 1'],
            [2, 'line 2'],
            [3, 'line 3'],
          ],
        );
      }));

    it('starts once, although many hand over the same at once', () =>
      withContext(createFixture, async ({ manager }) => {
        const managers = [manager(), manager(), manager()];
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            managers[index % 3]!.recordByExternalId({
              ...agent,
              entries: Array.from({ length: index + 1 }, (_each, number) => line(number)),
            }),
          ),
        );
        assert.equal(results.filter((result) => result.started).length, 1);
        assert.equal(new Set(results.map((result) => result.session.id)).size, 1);
        assert.equal(
          results.reduce((sum, result) => sum + result.added, 0),
          12,
        );
        assert.equal((await managers[0]!.get(results[0]!.session.id)).entryCount, 12);
      }));

    it('opens a continuation after the end, and none when nothing is new', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const { session } = await one.recordByExternalId({ ...agent, idleTtlMs: 1_000, entries: [line(1)] });
        clock.jump(1_000);
        const late = await one.recordByExternalId({ ...agent, entries: [line(1)] });
        assert.deepEqual([late.session.id, late.started, late.added], [session.id, false, 0]);
        assert.deepEqual([late.session.state, late.session.endReason], ['ended', 'idle_timeout']);
        const next = await one.recordByExternalId({ ...agent, entries: [line(1), line(2)] });
        assert.deepEqual([next.started, next.added, next.session.continues], [true, 1, session.id]);
        assert.deepEqual(
          (await one.entries(next.session.id)).entries.map((entry) => entry.text),
          ['line 2'],
        );
        assert.equal((await one.get(session.id)).endReason, 'idle_timeout');
        assert.deepEqual(
          (await allEvents(one)).map((event) => event.type),
          ['session:started', 'session:recorded', 'session:ended', 'session:started', 'session:recorded'],
        );
      }));

    it('supersedes the session of another owner only for something new', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { session } = await one.recordByExternalId({ ...agent, entries: [line(1)] });
        const nothing = await one.recordByExternalId({ ...agent, owner: ownerTwo, entries: [line(1)] });
        assert.deepEqual([nothing.session.id, nothing.started], [session.id, false]);
        assert.equal((await one.get(session.id)).state, 'active');
        const taken = await one.recordByExternalId({ ...agent, owner: ownerTwo, entries: [line(2)] });
        assert.deepEqual([taken.started, taken.session.continues], [true, session.id]);
        assert.equal((await one.get(session.id)).endReason, 'superseded');
      }));

    it('links to an import, and an import does not take in what it recorded', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { kind, source, externalId } = agent;
        const history = { kind, source, externalId, startedAt: 1_000, endedAt: 2_000 };
        const imported = await one.importSession({ ...history, entries: [line(1)] });
        const same = await one.recordByExternalId({ ...agent, entries: [line(1)] });
        assert.deepEqual([same.session.id, same.started], [imported.session.id, false]);
        const live = await one.recordByExternalId({ ...agent, entries: [line(1), line(2)] });
        assert.deepEqual([live.started, live.added, live.session.continues], [true, 1, imported.session.id]);
        const again = await one.importSession({ ...history, entries: [line(1), line(2)] });
        assert.equal(again.added, 0);
      }));

    it('is a start in every other way: refused in a clean-up, by a quota, below an ended parent', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager({ quotas: { perStore: 1 }, startRate: { perSecond: 1, burst: 2 } });
        const other = { ...agent, externalId: 'another', entries: [line(1)] };
        const parent = await one.start({ kind: 'parent' });
        await refused('SESSION_QUOTA', one.recordByExternalId(other));
        const attempt = Promise.withResolvers<unknown>();
        one.events.on('session:ended', () => {
          attempt.resolve(refused('CREATION_DURING_CLEANUP', one.recordByExternalId(other)));
        });
        await one.end(parent.id);
        await attempt.promise;
        await refused('SESSION_ENDED', one.recordByExternalId({ ...other, parentId: parent.id }));
        await refused('SESSION_NOT_FOUND', one.recordByExternalId({ ...other, parentId: 'ses_none' }));
        await refused('INVALID_OPTIONS', one.recordByExternalId({ ...other, entries: [] }));
        const keyless = { ...other, entries: [{ type: 'message', text: 'no key' }] };
        assert.equal(
          (await refused('INVALID_ENTRY', one.recordByExternalId(keyless))).path,
          '0.idempotencyKey',
        );
        assert.equal((await one.list()).sessions.length, 1);
        assert.equal((await one.recordByExternalId(other)).started, true);
        const third = one.recordByExternalId({ ...other, owner: ownerTwo, entries: [line(2)] });
        await refused('SESSION_RATE', third);
      }));
  });
}
