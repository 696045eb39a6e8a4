import { closeSync, fdatasync, openSync } from 'node:fs';

/** Waits for the disk while the event loop goes on. */
export interface WalSync {
  /**
   * Resolves when all that was committed before the call is on disk.
   *
   * @throws the system's error; from then on always, as nobody knows what the disk has kept
   */
  settle(): Promise<void>;
  /** When nobody waits any more. */
  close(): void;
}

/**
 * What SQLite does at each commit with `synchronous = FULL`, off the event loop and without the write lock:
 * there a commit holds both until the disk is done. With `synchronous = NORMAL` the WAL is still synced before
 * each checkpoint and the database after it, so that this one sync is all that is missing
 * (https://www.sqlite.org/pragma.html#pragma_synchronous; docs/decisions/0017-the-disk-is-waited-for-elsewhere.md).
 *
 * @param walPath - beside the real file of the database, as SQLite does not look at links
 */
export function createWalSync(walPath: string): WalSync {
  let file: number | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failure: Error | undefined;

  const sync = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    try {
      file ??= openSync(walPath, 'r+');
      await dataSync(file);
    } catch (error) {
      failure = error as Error;
      throw failure;
    }
  };
  const begin = (): Promise<void> => {
    next = undefined;
    const own = sync().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  };

  return {
    settle() {
      // One that has begun may have missed the last commit: all who come meanwhile share the next.
      if (running === undefined) return next ?? begin();
      return (next ??= running.then(begin, begin));
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function dataSync(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
  });
}
