import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { memoryStore } from '../memory-store/memory-store.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { Session } from '../session/session.ts';
import { sqliteStore } from '../sqlite-store/sqlite-store.ts';
import type { SessionStore } from './session-store.ts';
import type { StartLimits } from './start-limits.ts';
import { sampleSession } from '../../test/sample-session.ts';

/* What a step answers to the last field, and what it leaves alone. What it does is in the contract suite. */

const startedAt = 1_700_000_000_000;
const limits: StartLimits = {
  perOwner: 2,
  perProject: 3,
  perStore: 5,
  startsPerSecond: 1_000,
  startBurst: 1_000,
  managedOwner: null,
};
let folder: string;
let store: SessionStore;
let time = startedAt;
const now = (): number => time;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-steps-'));
  time = startedAt;
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const session = (id: string, fields: Partial<Session> = {}): Session =>
  sampleSession({ id, startedAt: time, ...fields });

function owned(identity: string): Pick<Session, 'owner'> {
  return { owner: { identity, host: 'here' } };
}

function entry(key: string | null, text = 'text'): PreparedEntry {
  return {
    type: 'note',
    text,
    dataJson: null,
    idempotencyKey: key,
    contentHash: key === null ? null : text,
    occurredAt: null,
  };
}

function history(id: string, fields: Partial<Session> = {}): Session {
  const over = { state: 'ended', endedAt: time, endReason: 'imported' } as const;
  return session(id, { source: 's', externalId: 'x', ...over, ...fields });
}

const start = (id: string, fields: Partial<Session> = {}, given = limits) =>
  store.start(() => session(id, fields), now, given);
const importing = (given: Session, entries: PreparedEntry[] = []) =>
  store.importSession({ session: given, replacesMetadata: false, entries }, now);

describe.each<{ name: string; open: () => SessionStore }>([
  { name: 'memoryStore', open: memoryStore },
  {
    name: 'sqliteStore',
    open: () => sqliteStore({ path: join(folder, 'x.db'), durability: 'process-crash' }),
  },
])('$name keeps to its steps:', ({ open }) => {
  beforeEach(async () => {
    store = open();
    await store.open();
  });

  describe('a step that is refused', () => {
    it('says why, and has ended nothing', async () => {
      await start('a', { source: 's', externalId: 'x', ...owned('one') });
      await start('b', { parentId: 'a' });
      for (const [result, detail] of [
        [await start('c', { parentId: 'none' }), { code: 'SESSION_NOT_FOUND', sessionId: 'none' }],
        [
          await start('c', { source: 's', externalId: 'x', ...owned('one') }),
          { code: 'EXTERNAL_ID_IN_USE', sessionId: 'a' },
        ],
        [
          await start('c', { source: 's', externalId: 'x', parentId: 'b' }),
          {
            code: 'INVALID_OPTIONS',
            path: 'parentId',
            message: 'session a cannot be superseded by a session below it',
          },
        ],
        [await store.touch('none', now), { code: 'SESSION_NOT_FOUND', sessionId: 'none' }],
        [await store.end('none', { reason: 'completed', note: null }, now), { code: 'SESSION_NOT_FOUND' }],
        [
          await importing(history('i', { parentId: 'none', externalId: 'old' })),
          { code: 'SESSION_NOT_FOUND', sessionId: 'none' },
        ],
        [await importing(history('i')), { code: 'EXTERNAL_ID_IN_USE', sessionId: 'a' }],
      ] as const) {
        expect(result).toMatchObject({ ok: false, error: detail });
        expect(result.ended).toStrictEqual([]);
      }
      expect(await store.latestCursor()).toBe('2');
      await store.end('b', { reason: 'completed', note: null }, now);
      const late = await store.touch('b', now);
      expect(late).toMatchObject({ ok: false, error: { code: 'SESSION_ENDED', reason: 'completed' } });
      expect(late.ended).toStrictEqual([]);
      const below = await start('c', { parentId: 'b' });
      expect(below).toMatchObject({ ok: false, error: { code: 'SESSION_ENDED', sessionId: 'b' } });
      expect(below.ended).toStrictEqual([]);
    });

    it('names the key that was used with other content', async () => {
      await start('a');
      await store.record('a', [entry('key')], now);
      const result = await store.record('a', [entry('key', 'other')], now);
      expect(result).toMatchObject({
        ok: false,
        error: {
          code: 'IDEMPOTENCY_CONFLICT',
          sessionId: 'a',
          path: 'idempotencyKey',
          message: 'the idempotency key "key" was used in session a with other content',
        },
      });
      expect(result.ended).toStrictEqual([]);
    });

    it('names the quota that is full, and when to try again', async () => {
      await start('a', owned('one'));
      await start('b', owned('one'));
      expect(await start('c', owned('one'))).toMatchObject({
        error: {
          code: 'SESSION_QUOTA',
          message: 'owner one already has 2 active sessions',
          path: 'quotas.perOwner',
          retryAfterMs: 1_000,
        },
      });
      expect((await start('c', owned('one'))).ended).toStrictEqual([]);
      await start('c');
      expect(await start('d')).toMatchObject({
        error: { message: 'no project already has 3 active sessions', path: 'quotas.perProject' },
      });
      const long = 'p'.repeat(100);
      const two = { ...limits, perProject: 1 };
      await start('d', { project: long, idleTtlMs: 4_000, ...owned('two') }, two);
      expect(await start('e', { project: long }, two)).toMatchObject({
        error: { message: `project "${'p'.repeat(80)}" already has 1 active sessions` },
      });
      // Of this owner none ends before four seconds have passed, whoever else does.
      const one = { ...limits, perOwner: 1 };
      expect(await start('e', { project: 'q', ...owned('two') }, one)).toMatchObject({
        error: { message: 'owner two already has 1 active sessions', retryAfterMs: 4_000 },
      });
      await start('e', { project: 'q' });
      expect(await start('f', { project: 'r' })).toMatchObject({
        error: { message: 'the store already has 5 active sessions', path: 'quotas.perStore' },
      });
      // What is replaced makes room, in its own project and for its own owner only.
      await store.end('e', { reason: 'completed', note: null }, now);
      await start('replaced', { project: 'q', source: 's', externalId: 'x', ...owned('three') });
      const full = { ...limits, perProject: 1, perOwner: 1 };
      const replacing = { source: 's', externalId: 'x', ...owned('four') };
      // Exactly as many as may be: one more would fit if the one that is replaced were counted here.
      const atLimit = { ...full, perProject: 3 };
      expect(await start('g', { ...replacing, project: null }, atLimit)).toMatchObject({
        error: { path: 'quotas.perProject' },
      });
      expect(await start('g', { ...replacing, project: 'q' }, full)).toMatchObject({ ok: true });
    });

    it('names the project whose sessions are started too fast', async () => {
      const slow = { ...limits, startsPerSecond: 2, startBurst: 1 };
      await start('a', { project: 'p' }, slow);
      expect(await start('b', { project: 'p' }, slow)).toMatchObject({
        error: {
          code: 'SESSION_RATE',
          message: 'sessions of project "p" are started too fast: at most 2 a second, 1 at once',
          retryAfterMs: 500,
        },
      });
      time += 500;
      expect(await start('b', { project: 'p' }, slow)).toMatchObject({ ok: true });
    });
  });

  describe('a step that succeeds', () => {
    it('says exactly what it ended', async () => {
      const first = await start('a', { source: 's', externalId: 'x', ...owned('one') });
      expect(first.ended).toStrictEqual([]);
      expect((await store.touch('a', now)).ended).toStrictEqual([]);
      expect((await store.record('a', [entry(null), entry('k')], now)).ended).toStrictEqual([]);
      const cursor = await store.latestCursor();
      expect(await store.record('a', [entry('k')], now)).toMatchObject({
        ok: true,
        value: [{ sequence: 2 }],
      });
      expect(await store.latestCursor()).toBe(cursor);
      const second = await start('b', { source: 's', externalId: 'x', ...owned('two') });
      expect(second.ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([['a', 'superseded']]);
      expect(second).toMatchObject({ ok: true, value: { continues: 'a' } });
      const imported = await importing(history('i', { externalId: 'old' }), [entry('1')]);
      expect(imported.ended).toStrictEqual([]);
      expect((await importing(history('j', { externalId: 'old' }), [entry('2')])).ended).toStrictEqual([]);
    });

    it('ends what is overdue on its way, each once', async () => {
      await start('a', { source: 's', externalId: 'x' });
      await start('b', { parentId: 'a', idleTtlMs: 4_000 });
      time += 1_500;
      const result = await importing(history('i'));
      expect(result).toMatchObject({ ok: false, error: { code: 'EXTERNAL_ID_IN_USE' } });
      expect(result.ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([
        ['b', 'parent_ended'],
        ['a', 'idle_timeout'],
      ]);
      await start('c');
      time += 1_500;
      const below = await start('d', { parentId: 'c' });
      expect(below.ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([['c', 'idle_timeout']]);
    });

    it('makes room from what is overdue only where there is none', async () => {
      await start('a', owned('one'));
      time += 1_000;
      expect((await start('b', owned('one'))).ended).toStrictEqual([]);
      const third = await start('c', owned('one'));
      expect(third.ended.map(({ id }) => id)).toStrictEqual(['a']);
      expect(third.ok).toBe(true);
    });

    it('judges by the clock of deadlines where the one on the wall was set', async () => {
      const fields = () => ({
        source: 's',
        externalId: 'x',
        clockOffsetMs: 500,
        startedAt: time - 500,
        lastActiveAt: time - 500,
      });
      await start('a', fields());
      time += 600;
      expect(await start('b', fields())).toMatchObject({ error: { code: 'EXTERNAL_ID_IN_USE' } });
      time += 500;
      const next = await start('b', fields());
      expect(next.ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([['a', 'idle_timeout']]);
      expect((await store.events('0', 10)).map(({ type }) => type)).toStrictEqual([
        'session:started',
        'session:ended',
        'session:started',
      ]);
    });

    it('adds nothing for a history that brings nothing new', async () => {
      await importing(history('i'), [entry('1')]);
      const cursor = await store.latestCursor();
      const again = await importing(history('j'), [entry('1')]);
      expect(again).toMatchObject({ ok: true, value: { added: 0, session: { id: 'i', revision: 1 } } });
      expect(again.ended).toStrictEqual([]);
      expect(await store.latestCursor()).toBe(cursor);
      await importing(history('j'), [entry('1'), entry('2')]);
      expect((await store.events(cursor, 10)).map(({ type, sequence }) => [type, sequence])).toStrictEqual([
        ['session:recorded', 2],
      ]);
      const before = await store.latestCursor();
      const step = {
        session: history('k', { metadata: { title: 't' } }),
        replacesMetadata: true,
        entries: [],
      };
      const titled = await store.importSession(step, now);
      expect(titled).toMatchObject({ ok: true, value: { added: 0, session: { metadata: { title: 't' } } } });
      expect(titled.ended).toStrictEqual([]);
      expect(await store.latestCursor()).toBe(before);
      const itself = await importing(history('k', { parentId: 'i' }), [entry('3')]);
      expect(itself).toMatchObject({
        ok: false,
        error: { code: 'INVALID_OPTIONS', path: 'parentId', message: 'session i cannot be below itself' },
      });
      expect(itself.ended).toStrictEqual([]);
    });

    it('takes the parent of a history once, and another no more, not even one below it', async () => {
      await importing(history('top', { externalId: 'top' }));
      await importing(history('i', { parentId: 'top' }));
      await importing(history('below', { externalId: 'below', parentId: 'i' }));
      const again = await importing(history('j', { parentId: 'below' }), [entry('1')]);
      expect(again).toMatchObject({ ok: true, value: { added: 1, session: { id: 'i', parentId: 'top' } } });
    });

    it('records live what is new, and ends only the session of another owner', async () => {
      const live = (id: string, identity: string | null, ...keys: string[]) =>
        store.recordLive(
          () => session(id, { source: 's', externalId: 'x', ...(identity === null ? {} : owned(identity)) }),
          now,
          keys.map((key) => entry(key)),
          limits,
        );
      const first = await live('a', null, '1', '1');
      expect(first).toMatchObject({
        ok: true,
        value: { started: true, session: { id: 'a', entryCount: 1 } },
      });
      expect(first.ended).toStrictEqual([]);
      const more = await live('b', null, '1', '2');
      expect(more).toMatchObject({
        ok: true,
        value: { started: false, session: { id: 'a', entryCount: 2 } },
      });
      expect(more.ended).toStrictEqual([]);
      const known = await live('c', 'one', '1', '2');
      expect(known).toMatchObject({
        ok: true,
        value: { started: false, session: { id: 'a', state: 'active' } },
      });
      expect(known.ended).toStrictEqual([]);
      const other = await live('d', 'one', '3');
      expect(other).toMatchObject({
        ok: true,
        value: { started: true, session: { id: 'd', continues: 'a' } },
      });
      expect(other.ended.map(({ id }) => id)).toStrictEqual(['a']);
      time += 1_000;
      const over = await live('e', 'one', '3');
      expect(over).toMatchObject({
        ok: true,
        value: { started: false, session: { id: 'd', state: 'ended' } },
      });
      expect(over.ended).toStrictEqual([]);
      const next = await live('f', 'one', '4');
      expect(next).toMatchObject({
        ok: true,
        value: { started: true, session: { id: 'f', continues: 'd' } },
      });
      expect(next.ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([['d', 'idle_timeout']]);
    });
  });

  describe('ending in batches', () => {
    it('ends what is due, says whether there is more, and looks again at what was touched', async () => {
      for (const id of ['a', 'b', 'c']) await start(id);
      await start('late', { idleTtlMs: 3_000, project: 'p' });
      time += 900;
      await store.touch('c', now);
      expect(await store.endOverdue(now, 10)).toStrictEqual({ ended: [], more: false });
      time += 100;
      const first = await store.endOverdue(now, 2);
      expect([first.ended.map(({ id }) => id).toSorted(), first.more]).toStrictEqual([['a', 'b'], true]);
      expect(first.ended.map(({ endReason, endedAt }) => [endReason, endedAt])).toStrictEqual([
        ['idle_timeout', startedAt + 1_000],
        ['idle_timeout', startedAt + 1_000],
      ]);
      expect(await store.endOverdue(now, 2)).toStrictEqual({ ended: [], more: false });
      expect((await store.outlook()).nextCheckAt).toBe(startedAt + 1_900);
      expect(await store.endOverdue(now, 2)).toStrictEqual({ ended: [], more: false });
      time += 900;
      expect((await store.endOverdue(now, 2)).ended.map(({ id }) => id)).toStrictEqual(['c']);
      expect((await store.outlook()).nextCheckAt).toBe(startedAt + 3_000);
      await store.end('late', { reason: 'completed', note: null }, now);
      expect((await store.outlook()).nextCheckAt).toBeNull();
      expect(await store.endOverdue(now, 2)).toStrictEqual({ ended: [], more: false });
    });

    it('ends the sessions of one owner, at most so many', async () => {
      await start('a', owned('one'));
      await start('b', owned('one'));
      await start('c', owned('two'));
      const step = { reason: 'owner_died', note: null } as const;
      expect(await store.endOwner('three', step, now, 10)).toStrictEqual([]);
      expect(await store.endOwner('one', step, now, 1)).toHaveLength(1);
      expect(await store.endOwner('one', step, now, 10)).toHaveLength(1);
      expect(await store.endOwner('one', step, now, 10)).toStrictEqual([]);
      expect((await store.outlook()).owners).toStrictEqual(['two']);
    });

    it('ends a child that is due with its parent once', async () => {
      await start('a', owned('one'));
      await start('b', { parentId: 'a', ...owned('one') });
      const ended = await store.endOwner('one', { reason: 'owner_died', note: null }, now, 10);
      expect(ended.map(({ id, endReason }) => [id, endReason])).toStrictEqual([
        ['b', 'parent_ended'],
        ['a', 'owner_died'],
      ]);
    });
  });

  describe('the event log', () => {
    it('says without what was recorded where to go on', async () => {
      await start('a');
      for (const text of ['x', 'y', 'z']) await store.record('a', [entry(null, text)], now);
      await start('b');
      const types = async (after: string, limit: number): Promise<unknown[]> => {
        const { events, cursor } = await store.lifeEvents(after, limit);
        return [events.map((event) => `${event.type} ${event.sessionId}`), cursor];
      };
      expect(await types('0', 10)).toStrictEqual([['session:started a', 'session:started b'], '5']);
      expect(await types('0', 1)).toStrictEqual([['session:started a'], '1']);
      expect(await types('1', 1)).toStrictEqual([['session:started b'], '5']);
      expect(await types('5', 10)).toStrictEqual([[], '5']);
      await expect(store.lifeEvents('6', 10)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    });

    it('takes only a cursor of its own', async () => {
      await start('a');
      for (const cursor of ['', 'x', '1x', 'x1', '-1', '1.5', '1234567890123456']) {
        await expect(store.events(cursor, 10)).rejects.toMatchObject({
          code: 'INVALID_OPTIONS',
          path: 'after',
          message: `not an event cursor: ${JSON.stringify(cursor)}`,
        });
      }
      await expect(store.events('x'.repeat(50), 10)).rejects.toMatchObject({
        message: `not an event cursor: "${'x'.repeat(40)}"`,
      });
      await expect(store.events('2', 10)).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        path: 'after',
        message: 'the events after cursor 2 are not in this store',
      });
      expect(await store.events('1', 10)).toStrictEqual([]);
      expect(store.reach).toBe('machine');
    });
  });
});
