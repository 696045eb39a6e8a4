import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { SessionError } from '../errors/session-error.ts';
import { applyMigrations, checkSchema, type ComponentSchema } from './apply-migrations.ts';
import { checkFileSystem } from './check-file-system.ts';
import { framesForCommit } from './checkpointer.ts';
import { makeFolder } from './make-folder.ts';

export interface OpenDatabaseOptions {
  readonly path: string;
  /**
   * `FULL` waits for the disk at each commit; with `NORMAL` whoever acknowledges a commit does.
   *
   * @defaultValue 'NORMAL'
   */
  readonly synchronous?: 'FULL' | 'NORMAL' | undefined;
  readonly readOnly: boolean;
  /** Brought up to date in this order. */
  readonly schemas: readonly ComponentSchema[];
  /** Files of loadable extensions. */
  readonly extensions?: readonly string[] | undefined;
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
  const { path, readOnly, schemas, synchronous = 'NORMAL', extensions = [] } = options;
  checkFileSystem(path);
  if (!readOnly) createFile(path);
  // Waiting inside SQLite would block the event loop; whoever calls this tries again.
  const database = new DatabaseSync(path, {
    readOnly,
    timeout: 0,
    enableForeignKeyConstraints: true,
    allowExtension: extensions.length > 0,
  });
  try {
    for (const extension of extensions) loadExtension(database, extension);
    if (extensions.length > 0) database.enableLoadExtension(false);
    if (readOnly) {
      for (const schema of schemas) checkUpToDate(database, schema, path);
      return database;
    }
    for (const schema of schemas) checkSchema(database, schema);
    // Deleted content is overwritten from the first page on: switched on later it would leave traces.
    database.exec('PRAGMA secure_delete = ON');
    database.exec('PRAGMA temp_store = MEMORY');
    database.exec('PRAGMA trusted_schema = OFF');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    database.exec(`PRAGMA wal_autocheckpoint = ${framesForCommit}`);
    for (const schema of schemas) applyMigrations(database, schema, now);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function loadExtension(database: DatabaseSync, path: string): void {
  try {
    database.loadExtension(path);
  } catch (error) {
    throw new SessionError('STORE_FAILED', `cannot load the extension ${path}`, { cause: error, path });
  }
}

/** Made before SQLite does, so that the file, and with it the WAL files, are for their user only. */
function createFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(path));
  closeSync(openSync(path, 'a', 0o600));
}

/** What may not be written cannot be brought up to date either. */
function checkUpToDate(database: DatabaseSync, schema: ComponentSchema, path: string): void {
  const { version } = checkSchema(database, schema);
  const known = schema.migrations.length;
  if (version >= known) return;
  const problem =
    version === 0
      ? `it has no ${schema.component} tables`
      : `its ${schema.component} tables are older than this program: open it once for writing`;
  throw new SessionError('STORE_UNREADABLE', `cannot use ${path}: ${problem}`, { path });
}
