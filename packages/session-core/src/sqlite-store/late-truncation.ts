import type { DatabaseSync } from 'node:sqlite';

import { readState } from './core-state.ts';
import type { Prepare } from './prepare.ts';
import { isBusy } from './sqlite-error.ts';
import { tryToTruncateWal } from './truncate-wal.ts';

/** Empties the WAL of what was purged, when a purge itself could not. */
export interface LateTruncation {
  /** There is something to empty. */
  expect(): void;
  /** Tries, when there is something; after a commit at most once a second. */
  attempt(): void;
}

const minIntervalMs = 1_000;

export function createLateTruncation(database: DatabaseSync, prepare: Prepare): LateTruncation {
  let pending = readState(prepare, 'wal_to_truncate') === 1;
  let notBefore = 0;
  return {
    expect() {
      pending = true;
      notBefore = 0;
    },
    attempt() {
      if (!pending || performance.now() < notBefore) return;
      notBefore = performance.now() + minIntervalMs;
      if (!tryToTruncateWal(database)) return;
      pending = false;
      try {
        prepare("DELETE FROM core_state WHERE name = 'wal_to_truncate'").run();
      } catch (error) {
        // The note stays, and whoever opens the store next does this once more.
        if (!isBusy(error)) throw error;
      }
    },
  };
}
