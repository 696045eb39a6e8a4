import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { SessionError } from '../errors/session-error.ts';
import { applyMigrations, checkSchema } from './apply-migrations.ts';
import { coreMigrations } from './core-migrations.ts';
import { makeFolder } from './make-folder.ts';

export interface OpenDatabaseOptions {
  readonly path: string;
  readonly durability: 'power-loss' | 'process-crash';
  readonly readOnly: boolean;
}

/** Before 3.51.3 the WAL can be damaged when several processes write (https://www.sqlite.org/wal.html). */
const oldestSafeVersion = '3.51.3';

export function checkSqliteVersion(version: string = process.versions['sqlite'] ?? '0'): void {
  const [have, need] = [version, oldestSafeVersion].map((text) =>
    text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0),
  );
  if ((have ?? 0) < (need ?? 0)) {
    throw new SessionError(
      'STORE_SQLITE_TOO_OLD',
      `SQLite ${version} can damage a database that several processes write: use a Node with SQLite ${oldestSafeVersion} or newer (24.15)`,
    );
  }
}

/**
 * One attempt to open the database; throws SQLite's busy error while another process holds it.
 * What is no database of ours is refused before anything is written to it.
 */
export function openDatabase(options: OpenDatabaseOptions, now: number): DatabaseSync {
  const { path, durability, readOnly } = options;
  if (!readOnly) createFile(path);
  // Waiting inside SQLite would block the event loop; whoever calls this tries again.
  const database = new DatabaseSync(path, { readOnly, timeout: 0, enableForeignKeyConstraints: true });
  try {
    if (readOnly) {
      if (checkSchema(database, 'core', coreMigrations).version === 0) {
        throw new SessionError('STORE_UNREADABLE', `cannot use ${path}: it is empty`, { path });
      }
      return database;
    }
    checkSchema(database, 'core', coreMigrations);
    // Deleted content is overwritten from the first page on: switched on later it would leave traces.
    database.exec('PRAGMA secure_delete = ON');
    database.exec('PRAGMA temp_store = MEMORY');
    database.exec('PRAGMA trusted_schema = OFF');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${durability === 'power-loss' ? 'FULL' : 'NORMAL'}`);
    applyMigrations(database, 'core', coreMigrations, now);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Made before SQLite does, so that the file, and with it the WAL files, are for their user only. */
function createFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(path));
  closeSync(openSync(path, 'a', 0o600));
}
