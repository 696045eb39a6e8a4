import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { RetryOptions } from '@endwell/proc-guard';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { isBusy, toStoreError } from './sqlite-error.ts';

let folder: string;
let path: string;
let database: DatabaseSync;
let commits: number;

const busyRetry: RetryOptions = {
  maxAttempts: 100,
  maxElapsedMs: 2_000,
  backoff: { initialDelayMs: 1, maxDelayMs: 20 },
  shouldRetry: isBusy,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-queue-'));
  path = join(folder, 'queue.db');
  database = new DatabaseSync(path, { timeout: 0 });
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT NOT NULL)');
  commits = 0;
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function createQueue(retry: RetryOptions = busyRetry): CommitQueue {
  return createCommitQueue({
    database,
    windowMs: 2,
    busyRetry: retry,
    onCommit: () => {
      commits += 1;
    },
    toError: (error) => toStoreError(error, path),
  });
}

const add = (queue: CommitQueue, text: string | null): Promise<number> =>
  queue.add(() => Number(database.prepare('INSERT INTO notes VALUES (?)').run(text).changes));

const stored = (): unknown[] => {
  const reader = new DatabaseSync(path, { readOnly: true });
  try {
    return reader
      .prepare('SELECT text FROM notes ORDER BY rowid')
      .all()
      .map((row) => row['text']);
  } finally {
    reader.close();
  }
};

describe('the commit queue', () => {
  it('stores what comes together in one transaction, in order', async () => {
    const queue = createQueue();
    await Promise.all(['a', 'b', 'c'].map((text) => add(queue, text)));
    expect([stored(), commits]).toStrictEqual([['a', 'b', 'c'], 1]);
  });

  it('lets an operation that fails take no other with it', async () => {
    const queue = createQueue();
    const results = await Promise.allSettled([
      add(queue, 'before'),
      add(queue, null),
      queue.add(() => {
        database.exec("INSERT INTO notes VALUES ('half')");
        throw new Error('a defect');
      }),
      add(queue, 'after'),
    ]);
    expect(results.map((result) => result.status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(stored()).toStrictEqual(['before', 'after']);
  });

  it('waits for the lock of another connection without holding the event loop', async () => {
    const queue = createQueue();
    const other = new DatabaseSync(path, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const added = add(queue, 'late');
    // The lock is released by the event loop itself: were it blocked, nobody would.
    setTimeout(() => other.exec('COMMIT'), 50);
    expect(await added).toBe(1);
    clearInterval(ticking);
    other.close();
    expect(turns).toBeGreaterThan(3);
    expect(stored()).toStrictEqual(['late']);
  });

  it('gives up in a bounded time, stores nothing, and works again afterwards', async () => {
    const queue = createQueue({ ...busyRetry, maxElapsedMs: 100 });
    const other = new DatabaseSync(path, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    await expect(add(queue, 'never')).rejects.toMatchObject({ code: 'STORE_BUSY' });
    other.exec('COMMIT');
    other.close();
    await add(queue, 'again');
    expect(stored()).toStrictEqual(['again']);
  });

  it('acknowledges nothing of a batch that finds the disk full', async () => {
    const queue = createQueue();
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const results = await Promise.allSettled([
      add(queue, 'small'),
      add(queue, 'x'.repeat(100_000)),
      add(queue, 'small too'),
    ]);
    const acknowledged = results.flatMap((result, index) =>
      result.status === 'fulfilled' ? [['small', 'x', 'small too'][index]] : [],
    );
    expect(stored()).toStrictEqual(acknowledged);
    expect(results[1]).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FULL' } });
    await add(queue, 'room for this');
    expect(stored()).toContain('room for this');
  });

  it('drains', async () => {
    const queue = createQueue();
    const added = Promise.all(Array.from({ length: 50 }, (_, index) => add(queue, String(index))));
    await queue.drain();
    expect(stored()).toHaveLength(50);
    await added;
  });
});
