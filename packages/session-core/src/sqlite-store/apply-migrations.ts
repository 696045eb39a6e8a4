import type { DatabaseSync } from 'node:sqlite';

import { SessionError } from '../errors/session-error.ts';

export interface Migration {
  readonly version: number;
  /** The oldest version of the same list that can use the database after this migration. */
  readonly oldestReader: number;
  readonly sql: string;
}

/** The tables of one part of the program; each part has a list of its own. */
export interface ComponentSchema {
  readonly component: string;
  /** The oldest first. */
  readonly migrations: readonly Migration[];
}

/** Tells our databases from those of other programs: `ENDW`. */
const applicationId = 0x45_4e_44_57;

/** Refuses a file of another program and a schema that this version does not understand; writes nothing. */
export function checkSchema(
  database: DatabaseSync,
  { component, migrations }: ComponentSchema,
): { readonly version: number } {
  // One statement sees one state: between two, another process may create the schema.
  const file = database
    .prepare(
      'SELECT application_id AS id, (SELECT count(*) FROM sqlite_schema) AS tables FROM pragma_application_id',
    )
    .get();
  if (file?.['id'] !== applicationId) {
    if (file?.['id'] === 0 && file['tables'] === 0) return { version: 0 };
    throw new SessionError('STORE_FOREIGN_DATABASE', 'the file is the database of another program');
  }
  const applied = database
    .prepare(
      'SELECT max(version) AS version, max(oldest_reader) AS oldest FROM migrations WHERE component = ?',
    )
    .get(component);
  const version = Number(applied?.['version'] ?? 0);
  const known = migrations.at(-1)?.version ?? 0;
  if (Number(applied?.['oldest'] ?? 0) > known) {
    throw new SessionError(
      'STORE_SCHEMA_TOO_NEW',
      `the database has version ${version} of the ${component} schema, this program knows up to ${known}: use a newer program`,
    );
  }
  return { version };
}

/** Brings one component's schema up to date, in one transaction under the write lock. */
export function applyMigrations(database: DatabaseSync, schema: ComponentSchema, now: number): void {
  const { component, migrations } = schema;
  const pending = (version: number): Migration[] =>
    migrations.filter((migration) => migration.version > version);
  if (pending(checkSchema(database, schema).version).length === 0) return;

  database.exec('BEGIN IMMEDIATE');
  try {
    // Somebody else may have migrated before we had the lock.
    const { version } = checkSchema(database, schema);
    database.exec(`
      PRAGMA application_id = ${applicationId};
      CREATE TABLE IF NOT EXISTS migrations (
        component     TEXT NOT NULL,
        version       INTEGER NOT NULL,
        oldest_reader INTEGER NOT NULL,
        applied_at    INTEGER NOT NULL,
        PRIMARY KEY (component, version)
      ) STRICT, WITHOUT ROWID;
    `);
    const insert = database.prepare('INSERT INTO migrations VALUES (?, ?, ?, ?)');
    for (const migration of pending(version)) {
      database.exec(migration.sql);
      insert.run(component, migration.version, migration.oldestReader, now);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
