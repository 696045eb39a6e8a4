import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createMemoryRows, createMemoryTables } from '../memory-store/memory-rows.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { Session } from '../session/session.ts';
import { coreSchema } from '../sqlite-store/core-migrations.ts';
import { openDatabase } from '../sqlite-store/open-database.ts';
import { createSqliteRows } from '../sqlite-store/sqlite-rows.ts';
import type { SessionRows } from './session-rows.ts';
import { sampleSession } from '../../test/sample-session.ts';

/* What the rows answer where no step of a whole store tells it apart. */

let folder: string;
let database: DatabaseSync | undefined;
let rows: SessionRows;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-rows-'));
});
afterEach(() => {
  database?.close();
  database = undefined;
  rmSync(folder, { recursive: true });
});

const inSqlite = (): SessionRows => {
  const options = { path: join(folder, 'x.db'), durability: 'process-crash', readOnly: false } as const;
  database = openDatabase({ ...options, schemas: [coreSchema] }, 0);
  return createSqliteRows(database);
};

const session = (id: string, fields: Partial<Session> = {}): Session =>
  sampleSession({ id, startedAt: 1_000, idleTtlMs: 500, ...fields });

const ended = (of: Session): Session => ({
  ...of,
  state: 'ended',
  endedAt: 1_200,
  endReason: 'completed',
  revision: of.revision + 1,
});

function entry(type: string, key: string | null = null): PreparedEntry {
  return { type, text: type, dataJson: null, idempotencyKey: key, contentHash: key, occurredAt: null };
}

describe.each([
  { name: 'memoryStore', open: () => createMemoryRows(createMemoryTables()) },
  { name: 'sqliteStore', open: inSqlite },
])('$name keeps its rows:', ({ open }) => {
  beforeEach(() => {
    rows = open();
  });

  it('give back every field as it was given', () => {
    const before = session('before', { source: 's', externalId: 'x' });
    const full = session('full', {
      kind: 'agent',
      project: '/p',
      agent: 'agent',
      user: 'user',
      parentId: 'before',
      source: 's',
      externalId: 'y',
      continues: 'before',
      metadata: { model: 'm' },
      owner: { identity: 'one', host: 'here' },
      clockOffsetMs: -5,
      revision: 3,
      lastActiveAt: 1_250,
    });
    for (const each of [before, full]) {
      rows.insert(each);
      expect(rows.find(each.id)).toStrictEqual(each);
    }
    const over = { ...ended(full), endReason: 'terminated', endNote: 'note' } as const;
    rows.markEnded(over);
    expect(rows.find('full')).toStrictEqual(over);
    const events = [
      { type: 'session:started', sessionId: 'full', revision: 1, reason: null, sequence: null, at: 1_000 },
      { type: 'session:recorded', sessionId: 'full', revision: 1, reason: null, sequence: 7, at: 1_100 },
      {
        type: 'session:ended',
        sessionId: 'full',
        revision: 2,
        reason: 'terminated',
        sequence: null,
        at: 1_200,
      },
    ] as const;
    expect([rows.latestCursor(), rows.droppedCursor()]).toStrictEqual([0, 0]);
    for (const event of events) rows.appendEvent(event);
    expect(rows.events(0, 10)).toStrictEqual(
      events.map((event, index) => ({ ...event, cursor: String(index + 1) })),
    );
  });

  describe('when the starts of a project are at their limit', () => {
    it('forgets what is full again, the oldest first, and keeps what is not', () => {
      rows.storeStartsFullAt('a', 10, 0);
      rows.storeStartsFullAt(null, 20, 0);
      rows.storeStartsFullAt('c', 30, 0);
      expect(['a', null, 'c', 'd'].map((name) => rows.findStartsFullAt(name))).toStrictEqual([
        10,
        20,
        30,
        undefined,
      ]);
      rows.storeStartsFullAt('d', 40, 20);
      expect(['a', null, 'c', 'd'].map((name) => rows.findStartsFullAt(name))).toStrictEqual([
        undefined,
        undefined,
        30,
        40,
      ]);
    });

    it('puts what is stored again behind the others', () => {
      rows.storeStartsFullAt(null, 10, 0);
      rows.storeStartsFullAt('b', 20, 0);
      rows.storeStartsFullAt(null, 50, 5);
      rows.storeStartsFullAt('c', 60, 25);
      expect([null, 'b', 'c'].map((name) => rows.findStartsFullAt(name))).toStrictEqual([50, undefined, 60]);
    });
  });

  describe('the latest activity', () => {
    it('is of what is active, on the clock of deadlines', () => {
      expect(rows.latestActivity()).toBeNull();
      rows.insert(session('a', { lastActiveAt: 1_100 }));
      rows.insert(session('b', { lastActiveAt: 1_050, clockOffsetMs: 400 }));
      rows.insert(session('c', { lastActiveAt: 1_010 }));
      rows.insert(ended(session('d', { lastActiveAt: 4_000 })));
      expect(rows.latestActivity()).toBe(1_450);
    });
  });

  describe('what is active', () => {
    it('is counted by project and owner, and no more once it has ended', () => {
      const owner = { identity: 'one', host: 'here' };
      const [a, b] = [session('a', { owner, project: 'p' }), session('b', { owner, idleTtlMs: 100 })];
      rows.insert(a);
      rows.insert(b);
      expect(rows.countActive('owner', 'one')).toBe(2);
      expect(rows.countActive('project', 'p')).toBe(1);
      expect(rows.countActive('project', '')).toBe(1);
      expect(rows.countActive('store', '')).toBe(2);
      expect([rows.nextCheckAt('one'), rows.nextCheckAt('two'), rows.nextCheckAt(null)]).toStrictEqual([
        1_100,
        null,
        1_100,
      ]);
      rows.markEnded(ended(b));
      expect([rows.nextCheckAt('one'), rows.nextCheckAt(null)]).toStrictEqual([1_500, 1_500]);
      expect(rows.countActive('project', '')).toBe(0);
      rows.insert(session('c'));
      expect(rows.countActive('project', '')).toBe(1);
      rows.markEnded(ended(a));
      expect([rows.countActive('owner', 'one'), rows.countActive('project', 'p')]).toStrictEqual([0, 0]);
      expect(rows.nextCheckAt('one')).toBeNull();
      expect(rows.outlook().owners).toStrictEqual([]);
    });

    it('is found below its parent until it ends', () => {
      const child = session('child', { parentId: 'parent' });
      rows.insert(session('parent'));
      rows.insert(child);
      rows.insert(session('other'));
      expect(rows.findActiveChildren('parent').map(({ id }) => id)).toStrictEqual(['child']);
      expect(rows.findActiveChildren('other')).toStrictEqual([]);
      rows.markEnded(ended(child));
      expect(rows.findActiveChildren('parent')).toStrictEqual([]);
    });

    it('is found by its external id, and by that alone', () => {
      const linked = session('a', { source: 's', externalId: 'x' });
      rows.insert(linked);
      rows.insert(session('b'));
      expect(rows.findActiveByExternalId('s', 'x')?.id).toBe('a');
      expect(rows.findActiveByExternalId('s', 'y')).toBeUndefined();
      expect(rows.findActiveByExternalId('null', 'null')).toBeUndefined();
      rows.markEnded(ended(linked));
      expect(rows.findActiveByExternalId('s', 'x')).toBeUndefined();
      expect(rows.findLatestByExternalId('s', 'x')?.id).toBe('a');
      expect(rows.findLatestByExternalId('s', 'x', 'imported')).toBeUndefined();
      expect(rows.findLatestByExternalId('s', 'y')).toBeUndefined();
    });
  });

  describe('a journal', () => {
    it('has no gaps, and is read by pages and types', () => {
      rows.insert(session('a'));
      expect(rows.entries('a', { after: 0, limit: 10 })).toStrictEqual([]);
      for (const [index, type] of ['x', 'y', 'x', 'x'].entries()) {
        rows.appendEntry('a', index + 1, entry(type), 1_000);
      }
      const read = (after: number, limit: number, type?: string): number[] =>
        rows.entries('a', { after, limit, ...(type === undefined ? {} : { type }) }).map((it) => it.sequence);
      expect(read(0, 10)).toStrictEqual([1, 2, 3, 4]);
      expect(read(1, 2)).toStrictEqual([2, 3]);
      expect(read(4, 2)).toStrictEqual([]);
      expect(read(0, 2, 'x')).toStrictEqual([1, 3]);
      expect(read(0, 0)).toStrictEqual([]);
      expect(rows.entries('none', { after: 0, limit: 10 })).toStrictEqual([]);
    });

    it('knows its keys, and nothing where there is none', () => {
      rows.insert(session('a', { source: 's', externalId: 'x' }));
      rows.appendEntry('a', 1, entry('note'), 1_000);
      rows.appendEntry('a', 2, entry('note', 'k'), 1_000);
      expect(rows.findEntryByKey('a', 'k')?.entry.sequence).toBe(2);
      expect(rows.findEntryByKey('a', 'null')).toBeUndefined();
      expect(rows.findEntryByKey('b', 'k')).toBeUndefined();
      expect([
        rows.hasKey('s', 'x', 'k'),
        rows.hasKey('s', 'x', 'null'),
        rows.hasKey('s', 'y', 'k'),
      ]).toStrictEqual([true, false, false]);
    });
  });

  describe('a list', () => {
    it('has the newest first, those of one moment by their ids, and goes on after any of them', () => {
      for (const [id, startedAt] of [
        ['b', 1_000],
        ['a', 1_000],
        ['d', 2_000],
        ['c', 1_000],
        ['z', 500],
      ] as const) {
        rows.insert(session(id, { startedAt, lastActiveAt: startedAt }));
      }
      const list = (after: { startedAt: number; id: string } | null, limit: number): string[] =>
        rows.list({}, after, limit, 0).map(({ id }) => id);
      expect(list(null, 10)).toStrictEqual(['d', 'c', 'b', 'a', 'z']);
      expect(list(null, 2)).toStrictEqual(['d', 'c']);
      expect(list({ startedAt: 1_000, id: 'c' }, 10)).toStrictEqual(['b', 'a', 'z']);
      expect(list({ startedAt: 2_000, id: 'd' }, 1)).toStrictEqual(['c']);
      expect(list({ startedAt: 1_000, id: 'a' }, 10)).toStrictEqual(['z']);
      expect(list({ startedAt: 500, id: 'z' }, 10)).toStrictEqual([]);
      expect(rows.list({ startedFrom: 1_000, startedTo: 2_000 }, null, 10, 0)).toHaveLength(3);
      expect(rows.list({ startedFrom: 1_001 }, null, 10, 0).map(({ id }) => id)).toStrictEqual(['d']);
    });
  });
});

describe('rows in memory', () => {
  beforeEach(() => {
    rows = createMemoryRows(createMemoryTables());
  });

  it('looks no further than the first that is not full', () => {
    rows.storeStartsFullAt('late', 100, 0);
    rows.storeStartsFullAt('early', 10, 0);
    rows.storeStartsFullAt('next', 110, 50);
    expect(rows.findStartsFullAt('early')).toBe(10);
  });

  it('leave no gap in a journal', () => {
    rows.insert(session('a'));
    rows.appendEntry('a', 1, entry('x'), 1_000);
    expect(() => rows.appendEntry('a', 3, entry('x'), 1_000)).toThrow('sequence 3 leaves a gap in a');
    expect(() => rows.appendEntry('a', 1, entry('x'), 1_000)).toThrow('leaves a gap');
  });
});
