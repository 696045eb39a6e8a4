import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { z } from 'zod';

import { checkOptions } from '../errors/check-options.ts';
import { SessionError } from '../errors/session-error.ts';
import { embeddedStore } from '../store/embedded-store.ts';
import type { SessionRows } from '../store/session-rows.ts';
import type { SessionStore, StoreListener } from '../store/session-store.ts';
import { createBell, type Bell } from './bell.ts';
import { changeDetector } from './change-detector.ts';
import { createCheckpointer } from './checkpointer.ts';
import { commitWindowMs, createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { coreSchema } from './core-migrations.ts';
import type { LongTasks } from './long-work/long-task.ts';
import { createLongWork, type LongWork } from './long-work/long-work.ts';
import { createLateTruncation, type LateTruncation } from './late-truncation.ts';
import { cachedPrepare } from './prepare.ts';
import { checkSqliteVersion, openDatabase } from './open-database.ts';
import { toStoreError } from './sqlite-error.ts';
import { openSweeper, type Sweeper } from './open-sweeper.ts';
import { createSqliteRows } from './sqlite-rows.ts';
import { createWalSync, type WalSync } from './wal-sync.ts';
import { whenUnlocked } from './when-unlocked.ts';

export interface SqliteStoreOptions {
  /** The database file; `resolveDatabasePath` gives the usual one. Its folder is made when it is missing. */
  readonly path: string;
  /**
   * What an acknowledged write survives: `power-loss` waits for the disk at each commit,
   * `process-crash` only for the kernel.
   *
   * @defaultValue 'power-loss'
   */
  readonly durability?: 'power-loss' | 'process-crash' | undefined;
  /**
   * Opens an existing database and changes nothing in it.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean | undefined;
}

const optionsSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  durability: z.enum(['power-loss', 'process-crash']).default('power-loss'),
  readOnly: z.boolean().default(false),
});

interface OpenStore {
  readonly database: DatabaseSync;
  readonly rows: SessionRows;
  readonly queue: CommitQueue;
  readonly walSync: WalSync;
  readonly bell: Bell;
  readonly longWork: LongWork;
  readonly truncation: LateTruncation;
  /** Opened when the first session has to be swept. */
  readonly sweeper: () => Promise<Sweeper>;
  readonly closeSweeper: () => Promise<void>;
}

/**
 * Sessions in one SQLite database that any number of processes share. Beside the file are only
 * its WAL files and `<path>.bell`. Nothing is created before the first use.
 */
export function sqliteStore(options: SqliteStoreOptions): SessionStore {
  const { durability, readOnly, ...checked } = checkOptions(optionsSchema, options);
  const path = resolve(checked.path);
  const listeners = new Set<StoreListener>();
  const toError = (error: unknown): unknown => toStoreError(error, path);
  const notify = (): void => {
    for (const listener of listeners) listener.wake();
  };
  const fail = (error: unknown): void => {
    for (const listener of listeners) listener.fail(toError(error));
  };
  let opening: Promise<OpenStore> | undefined;
  /** The same, once it has opened: writes do not wait for a promise each. */
  let current: OpenStore | undefined;
  let users = 0;

  const openOnce = async (): Promise<OpenStore> => {
    checkSqliteVersion();
    const schemas = [coreSchema];
    const database = await whenUnlocked(() => openDatabase({ path, readOnly, schemas }, Date.now()));
    try {
      const realPath = realpathSync(path);
      const bell = createBell({ path: `${realPath}.bell`, readOnly, onRing: notify, onError: fail });
      const rows = createSqliteRows(database);
      const truncation = createLateTruncation(database, cachedPrepare(database));
      if (!readOnly) truncation.attempt();
      const walSync = createWalSync(`${realPath}-wal`);
      const sync = durability === 'power-loss' ? (): Promise<void> => walSync.settle() : undefined;
      const longWork = createLongWork({ path, durability, readOnly });
      const checkpointer = createCheckpointer(database, () => longWork.run('checkpoint', null), fail);
      const onStored = (): void => {
        bell.ring();
        // Whoever listens stays. A program of a moment would start a thread for it, and wait for that to end.
        if (listeners.size > 0) checkpointer.look();
        try {
          truncation.attempt();
        } catch (error) {
          fail(error);
        }
      };
      const queue = createCommitQueue({
        database,
        windowMs: commitWindowMs,
        hasChanged: changeDetector(database),
        onStored,
        sync,
        toError,
        batch: rows.batch,
      });
      const { sweeper, closeSweeper } = lazySweeper(() => openSweeper({ path, onStored, sync, toError }));
      return { database, rows, queue, walSync, bell, longWork, truncation, sweeper, closeSweeper };
    } catch (error) {
      database.close();
      throw error;
    }
  };
  const checkWritable = (): void => {
    if (!readOnly) return;
    throw new SessionError('STORE_READ_ONLY', `cannot write ${path}: it was opened read-only`, { path });
  };
  const attemptOpening = async (): Promise<OpenStore> => {
    try {
      current = await openOnce();
      return current;
    } catch (error) {
      // The next `open` tries again.
      opening = undefined;
      throw toError(error);
    }
  };
  const opened = (): Promise<OpenStore> =>
    opening ?? Promise.reject(new SessionError('STORE_CLOSED', `${path} is not open`, { path }));

  /** What the thread removes is heard of everywhere, also when it stops in the middle. */
  const remove = async <Name extends 'purge' | 'retain'>(
    name: Name,
    given: LongTasks[Name]['given'],
    signal: AbortSignal,
  ): Promise<LongTasks[Name]['answer']> => {
    const { longWork, bell } = await opened();
    checkWritable();
    try {
      return await longWork.run(name, given, signal);
    } finally {
      bell.ring();
    }
  };

  return embeddedStore({
    name: 'sqlite',
    readOnly,
    async open() {
      opening ??= attemptOpening();
      await opening;
      users += 1;
    },
    async close() {
      users -= 1;
      if (users > 0 || opening === undefined) return;
      const { database, queue, walSync, bell, longWork, truncation, closeSweeper } = await opened();
      opening = undefined;
      current = undefined;
      try {
        await Promise.all([queue.drain(), longWork.close(), closeSweeper()]);
        if (!readOnly) truncation.attempt();
      } finally {
        bell.close();
        walSync.close();
        database.close();
      }
    },
    async write(step) {
      const { queue, rows } = current ?? (await opened());
      checkWritable();
      return queue.add(() => step(rows));
    },
    async sweep(step) {
      const { sweeper } = await opened();
      checkWritable();
      let open: Sweeper;
      try {
        open = await sweeper();
      } catch (error) {
        throw toError(error);
      }
      return open.queue.add(() => step(open.rows));
    },
    async read(step) {
      const { rows } = await opened();
      try {
        return await whenUnlocked(() => step(rows));
      } catch (error) {
        throw toError(error);
      }
    },
    longWork: {
      async purge(target, endActive, now, signal) {
        const outcome = await remove('purge', { target, endActive, now }, signal);
        if (outcome.pending) (await opened()).truncation.expect();
        return outcome;
      },
      retain: (cutoffs, now, signal) => remove('retain', { cutoffs, now }, signal),
      search: async (request, now) => (await opened()).longWork.run('search', { request, now }),
      statistics: async (options, now) => (await opened()).longWork.run('statistics', { options, now }),
      integrityCheck: async () => (await opened()).longWork.run('integrityCheck', null),
    },
    async subscribe(listener) {
      const { bell } = await opened();
      try {
        bell.listen();
      } catch (error) {
        throw toError(error);
      }
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}

/** A failed attempt is not kept: the next sweep tries again. */
function lazySweeper(open: () => Promise<Sweeper>): Pick<OpenStore, 'sweeper' | 'closeSweeper'> {
  let opening: Promise<Sweeper> | undefined;
  return {
    async sweeper() {
      opening ??= open();
      const attempt = opening;
      try {
        return await attempt;
      } catch (error) {
        if (opening === attempt) opening = undefined;
        throw error;
      }
    },
    async closeSweeper() {
      // Whoever wanted to sweep has been told why it did not open.
      const sweeper = await opening?.catch(() => undefined);
      await sweeper?.queue.drain();
      sweeper?.database.close();
    },
  };
}
