import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { changeDetector } from './change-detector.ts';
import { createCommitQueue, type CommitQueue, type CommitQueueOptions } from './commit-queue.ts';
import { toStoreError } from './sqlite-error.ts';

let folder: string;
let path: string;
let database: DatabaseSync;
let commits: number;

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

function createQueue(options: Partial<CommitQueueOptions> = {}): CommitQueue {
  return createCommitQueue({
    database,
    windowMs: 2,
    onStored: () => {
      commits += 1;
    },
    toError: (error) => toStoreError(error, path),
    ...options,
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
    const queue = createQueue({ patienceMs: 100 });
    const other = new DatabaseSync(path, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    await expect(add(queue, 'never')).rejects.toMatchObject({ code: 'STORE_BUSY' });
    other.exec('COMMIT');
    other.close();
    await add(queue, 'again');
    expect(stored()).toStrictEqual(['again']);
  });

  it('runs each of a transaction in which one fails again by itself, and together again afterwards', async () => {
    const queue = createQueue();
    const runs = { before: 0, after: 0 };
    const counted = (name: 'before' | 'after') => (): void => {
      runs[name] += 1;
      database.prepare('INSERT INTO notes VALUES (?)').run(name);
    };
    await Promise.allSettled([queue.add(counted('before')), add(queue, null), queue.add(counted('after'))]);
    expect([runs, commits]).toStrictEqual([{ before: 2, after: 1 }, 2]);
    await Promise.all([add(queue, 'x'), add(queue, 'y')]);
    expect([stored(), commits]).toStrictEqual([['before', 'after', 'x', 'y'], 3]);
  });

  it('acknowledges when the disk has it, and goes on meanwhile', async () => {
    const disk: PromiseWithResolvers<void>[] = [];
    const sync = (): Promise<void> => {
      const asked = Promise.withResolvers<void>();
      disk.push(asked);
      return asked.promise;
    };
    const queue = createQueue({ sync });
    const acknowledged: string[] = [];
    const tell = async (text: string): Promise<void> => {
      await add(queue, text);
      acknowledged.push(text);
    };
    const told = [tell('first')];
    await vi.waitUntil(() => disk.length === 1);
    told.push(tell('second'));
    await vi.waitUntil(() => disk.length === 2);
    expect([stored(), acknowledged, commits]).toStrictEqual([['first', 'second'], [], 0]);
    disk[0]?.resolve();
    await told[0];
    expect([acknowledged, commits]).toStrictEqual([['first'], 1]);
    const drained = queue.drain();
    disk[1]?.resolve();
    await drained;
    expect(commits).toBe(2);
    await told[1];
  });

  it('drains no sooner than the disk has it', async () => {
    const disk = Promise.withResolvers<void>();
    const queue = createQueue({ sync: () => disk.promise });
    const order: string[] = [];
    const added = add(queue, 'a').then(() => order.push('stored'));
    await vi.waitUntil(() => stored().length === 1);
    const drained = queue.drain().then(() => order.push('drained'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(order).toStrictEqual([]);
    disk.resolve();
    await Promise.all([added, drained]);
    expect(order).toStrictEqual(['stored', 'drained']);
  });

  it('tells nobody of a transaction that has changed nothing', async () => {
    const queue = createQueue({ hasChanged: changeDetector(database) });
    expect(await queue.add(() => 'looked')).toBe('looked');
    expect(commits).toBe(0);
    await add(queue, 'a');
    expect(commits).toBe(1);
    await queue.add(() => 'looked');
    expect(commits).toBe(1);
  });

  it('acknowledges nothing of what the disk did not take', async () => {
    const broken = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    const queue = createQueue({ sync: () => Promise.reject(broken) });
    await expect(add(queue, 'x')).rejects.toMatchObject({ code: 'STORE_FAILED', cause: broken });
    await queue.drain();
    expect(commits).toBe(0);
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
