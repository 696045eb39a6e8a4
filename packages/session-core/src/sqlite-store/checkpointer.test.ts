import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { scratchFolder, type ScratchFolder } from '../../test/scratch-folder.ts';
import { createSessionManager } from '../manager/create-session-manager.ts';
import { createCheckpointer, framesForCommit } from './checkpointer.ts';
import { sqliteStore } from './sqlite-store.ts';

let folder: ScratchFolder;
let database: DatabaseSync;

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  database.close();
  await folder[Symbol.asyncDispose]();
});

const frames = (): { log: number; left: number } => {
  const { log, checkpointed } = database.prepare('PRAGMA wal_checkpoint(NOOP)').get() ?? {};
  return { log: Number(log), left: Number(log) - Number(checkpointed) };
};

describe('the WAL', () => {
  it('is moved into the database by the thread, before a commit would have to', async () => {
    await using manager = createSessionManager({
      store: sqliteStore({ path: folder.database, durability: 'process-crash' }),
      owner: null,
    });
    const { id } = await manager.start({ kind: 'test' });
    database = new DatabaseSync(folder.database);
    while (frames().log < 5_000) await manager.record(id, { type: 'note', text: 'x'.repeat(50_000) });
    expect(frames().log).toBeLessThan(framesForCommit);
    await vi.waitUntil(() => frames().left < 4_000, { timeout: 30_000 });
  });

  it('is left to others by a program of a moment, which starts no thread', async () => {
    await using manager = createSessionManager({
      store: sqliteStore({ path: folder.database, durability: 'process-crash' }),
      owner: null,
      guard: false,
    });
    const { id } = await manager.start({ kind: 'test' });
    database = new DatabaseSync(folder.database);
    const threads = (): number => readdirSync('/proc/self/task').length;
    const before = threads();
    while (frames().log < 5_000) await manager.record(id, { type: 'note', text: 'x'.repeat(50_000) });
    expect(frames().left).toBeGreaterThan(4_900);
    expect(threads()).toBe(before);
  });

  it('cannot be looked at any more: that is told, and the commit is none the worse', async () => {
    database = new DatabaseSync(join(folder.path, 'x.db'), { timeout: 0 });
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text)');
    const failed: unknown[] = [];
    const checkpointer = createCheckpointer(
      database,
      () => Promise.resolve(),
      (error) => failed.push(error),
    );
    database.close();
    checkpointer.look();
    expect(failed).toHaveLength(1);
    database = new DatabaseSync(join(folder.path, 'x.db'));
  });

  it('is moved once at a time, and what goes wrong there is told', async () => {
    database = new DatabaseSync(join(folder.path, 'x.db'));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE notes (text)');
    const failed: unknown[] = [];
    const asked: PromiseWithResolvers<void>[] = [];
    const checkpoint = (): Promise<void> => {
      const one = Promise.withResolvers<void>();
      asked.push(one);
      return one.promise;
    };
    const checkpointer = createCheckpointer(database, checkpoint, (error) => failed.push(error));
    checkpointer.look();
    expect(asked).toHaveLength(0);
    database.exec('INSERT INTO notes VALUES (zeroblob(20000000))');
    checkpointer.look();
    checkpointer.look();
    expect(asked).toHaveLength(1);
    const error = new Error('no thread');
    asked[0]?.reject(error);
    await vi.waitUntil(() => failed.length > 0);
    expect(failed).toStrictEqual([error]);
    checkpointer.look();
    expect(asked).toHaveLength(2);
    asked[1]?.resolve();
  });
});
