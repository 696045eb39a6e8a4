import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { z } from 'zod';

import { checkOptions } from '../errors/check-options.ts';
import { SessionError } from '../errors/session-error.ts';
import type { Migration } from './apply-migrations.ts';
import { commitWindowMs, createCommitQueue } from './commit-queue.ts';
import { coreSchema } from './core-migrations.ts';
import { checkSqliteVersion, openDatabase } from './open-database.ts';
import { toStoreError } from './sqlite-error.ts';
import { createWalSync } from './wal-sync.ts';
import { whenUnlocked } from './when-unlocked.ts';

export interface OpenComponentOptions {
  /** The database file, the same as the sessions'. It is made, with the sessions' tables, when it is missing. */
  readonly path: string;
  /** Whose tables they are, such as `diary`: lower case letters, digits and `_`; not `core`. */
  readonly component: string;
  /**
   * The component's schema, the oldest version first. It may refer to `sessions (id)` or
   * `sessions (session_key)`, with `ON DELETE CASCADE`, so that a purge takes its rows along.
   */
  readonly migrations: readonly Migration[];
  /** As in `sqliteStore`. @defaultValue 'power-loss' */
  readonly durability?: 'power-loss' | 'process-crash' | undefined;
  /** Opens an existing database and changes nothing in it. @defaultValue false */
  readonly readOnly?: boolean | undefined;
  /** Files of loadable SQLite extensions, loaded before the migrations run. @defaultValue none */
  readonly extensions?: readonly string[] | undefined;
}

/** A connection of its own to the sessions' database. Its calls fail with a `SessionError` of the store. */
export interface ComponentDatabase {
  readonly path: string;
  /** Runs the step at once, and again for at most 5 seconds while another process holds the database. */
  read<Value>(step: (database: DatabaseSync) => Value): Promise<Value>;
  /**
   * Runs the step in a transaction, together with others that wait, and resolves when it is stored.
   * What a step that throws has written is taken back. The steps beside it run again then, so that a step
   * must do nothing outside of the database that adds up.
   */
  write<Value>(step: (database: DatabaseSync) => Value): Promise<Value>;
  /** Waits for what was given to `write`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const optionsSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  component: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be lower case letters, digits and _')
    .refine((name) => name !== coreSchema.component, 'is the component of the sessions themselves'),
  migrations: z
    .array(
      z.strictObject({
        version: z.number().int().min(1),
        oldestReader: z.number().int().min(1),
        sql: z.string(),
      }),
    )
    .min(1)
    .refine(
      (migrations) => migrations.every(({ version }, index) => version === index + 1),
      'must be numbered from 1, in order',
    ),
  durability: z.enum(['power-loss', 'process-crash']).default('power-loss'),
  readOnly: z.boolean().default(false),
  extensions: z.array(z.string().min(1)).default([]),
});

/**
 * Opens a component's own tables in the sessions' database and brings its schema up to date.
 *
 * @throws SessionError `INVALID_OPTIONS`, or as `sqliteStore` when the database cannot be used
 */
export async function openComponent(options: OpenComponentOptions): Promise<ComponentDatabase> {
  const { component, migrations, readOnly, ...checked } = checkOptions(optionsSchema, options);
  const path = resolve(checked.path);
  const toError = (error: unknown): unknown => toStoreError(error, path);
  checkSqliteVersion();
  const schemas = [coreSchema, { component, migrations }];
  let database: DatabaseSync;
  try {
    const attempt = (): DatabaseSync => openDatabase({ ...checked, path, readOnly, schemas }, Date.now());
    database = await whenUnlocked(attempt);
  } catch (error) {
    throw toError(error);
  }
  const walSync = createWalSync(`${realpathSync(path)}-wal`);
  const queue = createCommitQueue({
    database,
    windowMs: commitWindowMs,
    onStored: () => {},
    sync: checked.durability === 'power-loss' ? () => walSync.settle() : undefined,
    toError,
  });
  let closing: Promise<void> | undefined;
  const checkOpen = (): void => {
    if (closing !== undefined) throw new SessionError('STORE_CLOSED', `${path} has been closed`, { path });
  };

  const finish = async (): Promise<void> => {
    await queue.drain();
    walSync.close();
    database.close();
  };
  const close = (): Promise<void> => (closing ??= finish());

  return {
    path,
    async read(step) {
      checkOpen();
      try {
        return await whenUnlocked(() => step(database));
      } catch (error) {
        throw toError(error);
      }
    },
    async write(step) {
      checkOpen();
      if (readOnly) {
        throw new SessionError('STORE_READ_ONLY', `cannot write ${path}: it was opened read-only`, { path });
      }
      return queue.add(() => step(database));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
