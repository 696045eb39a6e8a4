/** It comes without types. */
declare module 'express-session-better-sqlite3' {
  import type { Database } from 'better-sqlite3';
  import type session from 'express-session';

  export default function createStoreClass(
    expressSession: typeof session,
    database: Database,
  ): new () => session.Store;
}
