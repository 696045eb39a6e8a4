import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Session } from '../session/session.ts';
import { createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { coreSchema } from './core-migrations.ts';
import { openDatabase } from './open-database.ts';
import { createSqliteRows, type SqliteRows } from './sqlite-rows.ts';
import { sampleSession } from '../../test/sample-session.ts';

let folder: string;
let database: DatabaseSync;
let rows: SqliteRows;
let queue: CommitQueue;

const session = (id: string): Session => sampleSession({ id, startedAt: 1, maxLifetimeMs: 10_000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-batch-'));
  const options = { path: join(folder, 'x.db'), readOnly: false } as const;
  database = openDatabase({ ...options, schemas: [coreSchema] }, 0);
  rows = createSqliteRows(database);
  queue = createCommitQueue({
    database,
    windowMs: 1,
    onStored: () => {},
    toError: (error) => error,
    batch: rows.batch,
  });
  rows.insert(session('a'));
  rows.insert(session('b'));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const append = (id: string, text: string): void => {
  const before = rows.find(id);
  if (before === undefined) throw new Error(`no ${id}`);
  const sequence = before.entryCount + 1;
  const entry = {
    type: 'note',
    text,
    dataJson: null,
    idempotencyKey: null,
    contentHash: null,
    occurredAt: null,
  };
  rows.appendEntry(id, sequence, entry, 5);
  rows.moveActivity({ ...before, entryCount: sequence, lastActiveAt: before.lastActiveAt + 1 });
};

const stored = (): unknown[] =>
  database
    .prepare('SELECT id, entry_count AS count, last_active_at AS at FROM sessions ORDER BY id')
    .all()
    .map((row) => Object.values(row));

const found = (word: string): number =>
  Number(
    database.prepare('SELECT count(*) AS n FROM entry_search WHERE entry_search MATCH ?').get(word)?.['n'],
  );

it('stores what all operations of a transaction did, and indexes it', async () => {
  await Promise.all(['one', 'two', 'three'].map((text) => queue.add(() => append('a', text))));
  expect(stored()).toStrictEqual([
    ['a', 3, 4],
    ['b', 0, 1],
  ]);
  for (const word of ['one', 'two', 'three']) expect(found(word)).toBe(1);
});

it('takes back what a failing operation did, and nothing else', async () => {
  const fail = (work: () => void) => (): void => {
    work();
    throw new Error('no');
  };
  const outcomes = await Promise.allSettled([
    queue.add(() => append('a', 'before')),
    queue.add(fail(() => append('a', 'lost'))),
    // Another statement about sessions makes what waits be written within this operation.
    queue.add(
      fail(() => {
        append('b', 'lost');
        rows.postponeCheck('b', 77);
        append('a', 'lost');
        rows.findActiveChildren('a');
      }),
    ),
    queue.add(() => append('a', 'after')),
    queue.add(() => {
      append('b', 'kept');
      rows.postponeCheck('b', 88);
      append('b', 'kept');
    }),
  ]);
  expect(outcomes.map(({ status }) => status)).toStrictEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(stored()).toStrictEqual([
    ['a', 2, 3],
    ['b', 2, 3],
  ]);
  expect(['before', 'after', 'kept', 'lost'].map(found)).toStrictEqual([1, 1, 2, 0]);
});

it('shows an operation what the ones before it did', async () => {
  const seen: number[] = [];
  await Promise.all(
    [1, 2, 3].map(() =>
      queue.add(() => {
        append('a', 'x');
        seen.push(rows.find('a')?.entryCount ?? 0, rows.entries('a', { after: 0, limit: 9 }).length);
      }),
    ),
  );
  expect(seen).toStrictEqual([1, 1, 2, 2, 3, 3]);
});

it('refuses activity of a session that another operation has ended', async () => {
  const end = { ...session('a'), state: 'ended', endedAt: 3, endReason: 'completed', revision: 2 } as const;
  const [ended, moved] = await Promise.allSettled([
    queue.add(() => {
      append('a', 'last');
      rows.markEnded(end);
    }),
    queue.add(() => append('a', 'late')),
  ]);
  expect([ended?.status, moved?.status]).toStrictEqual(['fulfilled', 'rejected']);
  expect(stored()[0]).toStrictEqual(['a', 1, 2]);
  expect(['last', 'late'].map(found)).toStrictEqual([1, 0]);
});
