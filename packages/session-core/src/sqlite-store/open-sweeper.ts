import { constants, type DatabaseSync } from 'node:sqlite';

import type { SessionRows } from '../store/session-rows.ts';
import { changeDetector } from './change-detector.ts';
import {
  commitWindowMs,
  createCommitQueue,
  type CommitQueue,
  type CommitQueueOptions,
} from './commit-queue.ts';
import { coreSchema } from './core-migrations.ts';
import { openDatabase, type OpenDatabaseOptions } from './open-database.ts';
import { createSqliteRows } from './sqlite-rows.ts';
import { whenUnlocked } from './when-unlocked.ts';

/** The connection on which sessions are swept. */
export interface Sweeper {
  readonly database: DatabaseSync;
  readonly rows: SessionRows;
  readonly queue: CommitQueue;
}

export type SweeperOptions = Pick<OpenDatabaseOptions, 'path'> &
  Pick<CommitQueueOptions, 'onStored' | 'sync' | 'toError'>;

/**
 * Opens a connection on which the engine itself refuses to create a session, whatever is asked of
 * it: the last line against a clean-up that creates.
 */
export async function openSweeper({ onStored, sync, toError, ...options }: SweeperOptions): Promise<Sweeper> {
  const database = await whenUnlocked(() =>
    openDatabase({ ...options, readOnly: false, schemas: [coreSchema] }, Date.now()),
  );
  database.setAuthorizer((action, table) =>
    action === constants.SQLITE_INSERT && table === 'sessions' ? constants.SQLITE_DENY : constants.SQLITE_OK,
  );
  const queue = createCommitQueue({
    database,
    windowMs: commitWindowMs,
    hasChanged: changeDetector(database),
    onStored,
    sync,
    toError,
  });
  return { database, rows: createSqliteRows(database), queue };
}
