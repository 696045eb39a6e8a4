import type { DatabaseSync } from 'node:sqlite';

import { isProcGuardError, retry } from '@endwell/proc-guard';

/** Readers of this package are done within milliseconds; whoever reads longer is not waited for. */
const patienceMs = 2_000;

/** Moves everything from the WAL into the database and empties it; false when somebody is reading. */
export async function truncateWal(database: DatabaseSync): Promise<boolean> {
  try {
    await retry(
      () => {
        if (!tryToTruncateWal(database)) throw new WalInUse();
      },
      {
        maxAttempts: 100,
        maxElapsedMs: patienceMs,
        backoff: { jitter: 'full', initialDelayMs: 2, maxDelayMs: 50, factor: 1.5 },
        shouldRetry: (error) => error instanceof WalInUse,
      },
    );
    return true;
  } catch (error) {
    if (isProcGuardError(error) && error.cause instanceof WalInUse) return false;
    throw error;
  }
}

/** One attempt. SQLite does not throw here but says that it was busy. */
export function tryToTruncateWal(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
}

class WalInUse extends Error {}
