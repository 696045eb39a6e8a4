import { join } from 'node:path';
import { createSessionManager, type SessionManager, sqliteStore } from '@endwell/session-core';
import { onTestFinished } from 'vitest';

/** A manager of this test's own on the database that the diary under test uses. */
export function managerOf(home: string): SessionManager {
  const manager = createSessionManager({
    store: sqliteStore({ path: join(home, 'data', 'endwell.db') }),
    owner: null,
  });
  onTestFinished(() => manager.close());
  return manager;
}
