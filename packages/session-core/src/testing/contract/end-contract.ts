import assert from 'node:assert/strict';

import { isSessionError } from '../../errors/session-error.ts';
import type { Session } from '../../session/session.ts';
import { endEvents, refused, withContext, type CreateFixture, type TestRunner } from './contract-context.ts';

/** Promises 1, 2, 3, 6 and 7. */
export function endContract({ describe, it }: TestRunner, createFixture: CreateFixture): void {
  describe('exactly one end', () => {
    it('lets one of many ends that race win, and stores one event', () =>
      withContext(createFixture, async ({ manager }) => {
        const managers = [manager(), manager(), manager(), manager()];
        const session = await managers[0]!.start({ kind: 'test' });
        const results = await Promise.allSettled(
          managers.flatMap((each) => [each.end(session.id), each.terminate(session.id)]),
        );
        const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
        assert.equal(refusals.length, results.length - 1);
        for (const error of refusals) assert.ok(isSessionError(error) && error.code === 'SESSION_ENDED');
        assert.equal((await endEvents(managers[0]!, session.id)).length, 1);
        assert.equal((await managers[1]!.get(session.id)).revision, 2);
      }));

    it('ends an overdue session once, although many sweep at once', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const managers = [manager(), manager(), manager()];
        await Promise.all(managers.map((each) => each.open()));
        const sessions: Session[] = [];
        for (let index = 0; index < 250; index += 1) {
          sessions.push(await managers[index % 3]!.start({ kind: 'test', idleTtlMs: 1_000 }));
        }
        clock.jump(1_000);
        const swept = await Promise.all(managers.map((each) => each.sweep()));
        const [one] = managers;
        const { active, byReason } = await one!.counts();
        assert.deepEqual({ active, idle: byReason.idle_timeout }, { active: 0, idle: sessions.length });
        const ids = swept.flat().map((session) => session.id);
        assert.equal(new Set(ids).size, ids.length, 'no session is reported as ended twice');
        for (const session of sessions.slice(0, 5)) {
          assert.equal((await endEvents(one!, session.id)).length, 1);
        }
      }));
  });

  describe('no resurrection', () => {
    it('refuses touch, record and end after the end, and tells the reason', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test' });
        const ended = await one.end(id, { note: 'all done' });
        assert.deepEqual(
          [ended.state, ended.endReason, ended.endNote, ended.revision],
          ['ended', 'completed', 'all done', 2],
        );
        const other = manager();
        for (const attempt of [
          () => other.touch(id),
          () => other.record(id, { type: 'message', text: 'too late' }),
          () => other.end(id, { reason: 'shutdown' }),
          () => other.terminate(id),
        ]) {
          const error = await refused('SESSION_ENDED', attempt());
          assert.deepEqual([error.reason, error.sessionId], ['completed', id]);
        }
        assert.deepEqual(await other.get(id), ended);
        assert.deepEqual((await other.entries(id)).entries, []);
      }));

    it('never shows a session as active past its deadline, although nobody swept', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const told: Session[] = [];
        one.events.on('session:ended', ({ session }) => void told.push(session));
        const { id, expiresAt } = await one.start({ kind: 'test', idleTtlMs: 1_000 });
        clock.jump(999);
        assert.equal((await one.get(id)).state, 'active');
        clock.jump(1);
        const shown = await one.get(id);
        assert.deepEqual([shown.state, shown.endReason, shown.endedAt], ['ended', 'idle_timeout', expiresAt]);
        assert.deepEqual((await one.list({ state: 'active' })).sessions, []);
        assert.deepEqual((await one.list({ state: 'ended' })).sessions, [shown]);
        assert.equal((await one.counts()).byReason.idle_timeout, 1);
        await one.sweep();
        assert.deepEqual(told, [shown], 'what is stored is what was shown');
        assert.deepEqual(await one.get(id), shown);
      }));

    it('ends an overdue session when somebody tries to use it, with the reason of the deadline', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        for (const use of [
          (id: string) => one.touch(id),
          (id: string) => one.record(id, { type: 'message', text: 'late' }),
          (id: string) => one.end(id),
        ]) {
          const { id } = await one.start({ kind: 'test', idleTtlMs: 1_000 });
          const told: string[] = [];
          one.events.on('session:ended', ({ session }) => void told.push(session.id));
          clock.jump(5_000);
          assert.equal((await refused('SESSION_ENDED', use(id))).reason, 'idle_timeout');
          assert.deepEqual(told, [id]);
          assert.equal((await endEvents(one, id)).length, 1);
          assert.equal((await one.get(id)).entryCount, 0);
        }
      }));

    it('does not come back when the clock goes back', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const { id } = await one.start({ kind: 'test', idleTtlMs: 1_000 });
        clock.jump(2_000);
        await one.sweep();
        clock.jump(-1_900);
        assert.equal((await one.get(id)).state, 'ended');
        await refused('SESSION_ENDED', one.touch(id));
      }));
  });

  describe('an end is definite', () => {
    it('moves the idle deadline with activity, and never past the lifetime', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const { id, startedAt } = await one.start({ kind: 'test', idleTtlMs: 1_000, maxLifetimeMs: 2_500 });
        clock.jump(900);
        assert.equal((await one.touch(id)).expiresAt, startedAt + 1_900);
        clock.jump(900);
        await one.record(id, { type: 'message', text: 'still here' });
        assert.equal((await one.get(id)).expiresAt, startedAt + 2_500);
        clock.jump(700);
        await one.sweep();
        const ended = await one.get(id);
        assert.deepEqual([ended.endReason, ended.endedAt], ['max_lifetime', startedAt + 2_500]);
      }));

    it('ends by its own timer, of which there is one, and none when nothing is active', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        await one.open();
        assert.equal(clock.timerCount, 0);
        const watch = one.watch({ after: 'start' });
        for (let index = 0; index < 20; index += 1) {
          await one.start({ kind: 'test', idleTtlMs: 10_000 - index * 100 });
        }
        await one.sweep();
        assert.equal(clock.timerCount, 1);
        // The timer knows the earliest deadline only once the manager has seen the last start.
        clock.advance(8_100);
        for await (const event of watch) if (event.type === 'session:ended') break;
        assert.equal((await one.counts()).active, 19);
        clock.advance(60_000);
        await one.sweep();
        assert.deepEqual([(await one.counts()).active, clock.timerCount], [0, 0]);
      }));
  });

  describe('children', () => {
    it('end before their parents, the deepest first, in one step', () =>
      withContext(createFixture, async ({ manager }) => {
        const one = manager();
        const root = await one.start({ kind: 'root' });
        const left = await one.start({ kind: 'left', parentId: root.id });
        const leaf = await one.start({ kind: 'leaf', parentId: left.id });
        const right = await one.start({ kind: 'right', parentId: root.id });
        const early = await one.start({ kind: 'early', parentId: root.id });
        await one.end(early.id);
        const told: Session[] = [];
        one.events.on('session:ended', ({ session }) => void told.push(session));
        await one.terminate(root.id);
        const order = told.map((session) => session.id);
        assert.deepEqual(new Set(order), new Set([leaf.id, left.id, right.id, root.id]));
        assert.ok(order.indexOf(leaf.id) < order.indexOf(left.id));
        assert.equal(order.at(-1), root.id);
        assert.deepEqual(
          told.map((session) => session.endReason),
          ['parent_ended', 'parent_ended', 'parent_ended', 'terminated'],
        );
        assert.equal((await one.get(early.id)).endReason, 'completed');
        assert.equal((await one.children(root.id)).length, 3);
        await refused('SESSION_ENDED', one.start({ kind: 'orphan', parentId: root.id }));
        await refused('SESSION_NOT_FOUND', one.start({ kind: 'orphan', parentId: 'ses_none' }));
      }));

    it('end with a parent that is overdue, also in a deep chain', () =>
      withContext(createFixture, async ({ clock, manager }) => {
        const one = manager();
        const root = await one.start({ kind: 'root', idleTtlMs: 1_000 });
        let parentId = root.id;
        for (let depth = 0; depth < 200; depth += 1) {
          parentId = (await one.start({ kind: 'link', parentId })).id;
        }
        const told: string[] = [];
        one.events.on('session:ended', ({ session }) => void told.push(session.id));
        clock.jump(1_000);
        await one.sweep();
        assert.deepEqual([told.length, told[0], told.at(-1)], [201, parentId, root.id]);
        assert.equal((await one.integrityCheck()).ok, true);
      }));
  });
}
