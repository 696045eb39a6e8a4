import { setTimeout as delay } from 'node:timers/promises';

import { isBusy } from './sqlite-error.ts';

/** How long others may hold the database before a call fails. */
const defaultPatienceMs = 5_000;

/**
 * SQLite keeps no queue of those who wait: the lock is for whoever looks while it is free. With waits that grow,
 * as between the attempts of `retry`, that is whoever came last, and the others starve; so they all look equally
 * often. A look costs some 10 µs.
 */
const longestWaitMs = 3;

/**
 * Runs it at once, and again until the deadline while another process holds the database.
 *
 * @throws what it throws; SQLite's busy error when the deadline has passed
 */
export async function whenUnlocked<Value>(
  run: () => Value,
  patienceMs: number = defaultPatienceMs,
): Promise<Value> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
    }
    await delay(Math.random() * longestWaitMs);
  }
}
