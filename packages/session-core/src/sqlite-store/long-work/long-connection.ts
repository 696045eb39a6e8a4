import type { DatabaseSync } from 'node:sqlite';

import type { SessionRows } from '../../store/session-rows.ts';
import { coreSchema } from '../core-migrations.ts';
import { openDatabase } from '../open-database.ts';
import { cachedPrepare, type Prepare } from '../prepare.ts';
import { toStoreError } from '../sqlite-error.ts';
import { createSqliteRows } from '../sqlite-rows.ts';
import { whenUnlocked } from '../when-unlocked.ts';
import type { LongWorkSettings } from './long-task.ts';

/** The connection of the thread for long work. Nobody waits for its event loop, so that steps may take their time. */
export interface LongConnection {
  readonly path: string;
  readonly database: DatabaseSync;
  readonly prepare: Prepare;
  readonly rows: SessionRows;
  /** Everything in the step is read from one state of the database. */
  readonly read: <Value>(step: () => Value) => Promise<Value>;
  /** One transaction. A step can run more than once, when another process is in the way. */
  readonly write: <Value>(step: () => Value) => Promise<Value>;
}

export async function openLongConnection(settings: LongWorkSettings): Promise<LongConnection> {
  const { path, durability, readOnly } = settings;
  // Nothing here waits for this thread, so that it may wait for the disk itself.
  const synchronous = durability === 'power-loss' ? 'FULL' : 'NORMAL';
  const attempt = (): DatabaseSync =>
    openDatabase({ path, readOnly, synchronous, schemas: [coreSchema] }, Date.now());
  const database = await whenUnlocked(attempt);
  const toError = (error: unknown): unknown => toStoreError(error, path);
  const prepare = cachedPrepare(database);
  const patiently = async <Value>(step: () => Value): Promise<Value> => {
    try {
      return await whenUnlocked(step);
    } catch (error) {
      throw toError(error);
    }
  };
  const transaction = <Value>(begin: string, step: () => Value): Value => {
    prepare(begin).run();
    try {
      const value = step();
      prepare('COMMIT').run();
      return value;
    } catch (error) {
      if (database.isTransaction) prepare('ROLLBACK').run();
      throw error;
    }
  };
  return {
    path,
    database,
    prepare,
    rows: createSqliteRows(database),
    read: (step) => patiently(() => transaction('BEGIN', step)),
    write: (step) => patiently(() => transaction('BEGIN IMMEDIATE', step)),
  };
}
