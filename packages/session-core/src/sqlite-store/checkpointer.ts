import type { DatabaseSync } from 'node:sqlite';

import { number } from './session-columns.ts';
import { isBusy } from './sqlite-error.ts';

/** Has the WAL moved into the database when it has grown, elsewhere than in a commit. */
export interface Checkpointer {
  /** Call it after a commit; costs some microseconds. */
  look(): void;
}

/** 16 MB. Pages that were written again and again in that time are moved once. */
const framesToMove = 4_000;

/**
 * At so many frames a commit moves them itself, and holds the event loop for as long as the disk takes: for
 * programs of a moment, and for when the thread is busy. While others write without a pause the thread never
 * gets to the end of the WAL, and only there it can begin anew.
 */
export const framesForCommit = 16_000;

export function createCheckpointer(
  database: DatabaseSync,
  checkpoint: () => Promise<unknown>,
  onError: (error: unknown) => void,
): Checkpointer {
  const frames = database.prepare('PRAGMA wal_checkpoint(NOOP)');
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    try {
      await checkpoint();
    } catch (error) {
      onError(error);
    } finally {
      running = false;
    }
  };
  return {
    look() {
      if (running) return;
      try {
        const found = frames.get() ?? {};
        if (number(found, 'log') - number(found, 'checkpointed') >= framesToMove) void run();
      } catch (error) {
        // Somebody has the database for himself; the next commit looks again.
        if (!isBusy(error)) onError(error);
      }
    },
  };
}
