import type { SessionStore } from '../store/session-store.ts';

export interface SqliteStoreOptions {
  /** The database file; `resolveDatabasePath` gives the usual one. */
  readonly path: string;
  /**
   * What an acknowledged write survives: `power-loss` waits for the disk at each commit,
   * `process-crash` only for the kernel.
   *
   * @defaultValue 'power-loss'
   */
  readonly durability?: 'power-loss' | 'process-crash' | undefined;
  /** Opens an existing database and changes nothing in it. @defaultValue false */
  readonly readOnly?: boolean | undefined;
}

export function sqliteStore(options: SqliteStoreOptions): SessionStore {
  throw new Error(`not yet: ${options.path}`);
}
