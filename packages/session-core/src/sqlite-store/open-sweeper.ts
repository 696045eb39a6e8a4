import { constants, type DatabaseSync } from 'node:sqlite';

import { retry } from '@endwell/proc-guard';

import type { SessionRows } from '../store/session-rows.ts';
import { busyRetry } from './busy-retry.ts';
import { commitWindowMs, createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { coreSchema } from './core-migrations.ts';
import { ifChanged } from './if-changed.ts';
import { openDatabase, type OpenDatabaseOptions } from './open-database.ts';
import { createSqliteRows } from './sqlite-rows.ts';

/** The connection on which sessions are swept. */
export interface Sweeper {
  readonly database: DatabaseSync;
  readonly rows: SessionRows;
  readonly queue: CommitQueue;
}

export interface SweeperOptions extends Pick<OpenDatabaseOptions, 'path' | 'durability'> {
  /** Called after each commit that changed something. */
  readonly onChange: () => void;
  readonly toError: (error: unknown) => unknown;
}

/**
 * Opens a connection on which the engine itself refuses to create a session, whatever is asked of
 * it: the last line against a clean-up that creates.
 */
export async function openSweeper({ onChange, toError, ...options }: SweeperOptions): Promise<Sweeper> {
  const database = await retry(
    () => openDatabase({ ...options, readOnly: false, schemas: [coreSchema] }, Date.now()),
    busyRetry,
  );
  database.setAuthorizer((action, table) =>
    action === constants.SQLITE_INSERT && table === 'sessions' ? constants.SQLITE_DENY : constants.SQLITE_OK,
  );
  const onCommit = ifChanged(database, onChange);
  const queue = createCommitQueue({ database, windowMs: commitWindowMs, busyRetry, onCommit, toError });
  return { database, rows: createSqliteRows(database), queue };
}
