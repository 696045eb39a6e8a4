import type { DatabaseSync } from 'node:sqlite';

import { whenUnlocked } from './when-unlocked.ts';
import type { WriteBatch } from './write-batch.ts';

export interface CommitQueue {
  /** Runs the operation in a transaction, together with others that wait; resolves when that is stored. */
  add<Value>(operation: () => Value): Promise<Value>;
  /** Resolves when nothing waits any more, for the disk neither. */
  drain(): Promise<void>;
}

export interface CommitQueueOptions {
  readonly database: DatabaseSync;
  /** How long the first of many waits for others. */
  readonly windowMs: number;
  /** How long other processes may hold the database, in milliseconds; @defaultValue 5_000 */
  readonly patienceMs?: number | undefined;
  /** Whether the transaction that was just committed has changed something; absent: each does. */
  readonly hasChanged?: (() => boolean) | undefined;
  /** Called when a change is stored, before those who waited for it go on. */
  readonly onStored: () => void;
  /** Resolves when all that has been committed is on disk; absent: the kernel's word is enough. */
  readonly sync?: (() => Promise<void>) | undefined;
  readonly toError: (error: unknown) => unknown;
  /** What the operations of a transaction share. */
  readonly batch?: WriteBatch | undefined;
}

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How long the first of many writes waits for others. */
export const commitWindowMs = 2;

/** Longer transactions would hold the event loop and the other processes. */
const maxBatchMs = 5;

/**
 * Group commit: waiting for the disk costs the same for one operation as for a thousand. While it is waited
 * for, the next transaction runs. Where an operation fails the transaction is rolled back and each of its
 * operations runs again in one of its own, so that none takes another with it.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { database, windowMs, patienceMs, hasChanged, onStored, sync, toError, batch: shared } = options;
  const waiting: Waiting[] = [];
  const syncing = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let lastBatchSize = 0;
  /** How many of those that wait run alone, as one of them has failed. */
  let alone = 0;

  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  const runEach = (batch: Waiting[], values: unknown[]): void => {
    const endsAt = alone > 0 ? 0 : performance.now() + maxBatchMs;
    do {
      const operation = waiting[batch.length];
      if (operation === undefined) break;
      batch.push(operation);
      values.push(operation.run());
    } while (performance.now() < endsAt);
  };

  /** Throws, with everything still waiting, when another process holds the write lock. */
  const runBatch = (): void => {
    begin.run();
    shared?.begin();
    const batch: Waiting[] = [];
    const values: unknown[] = [];
    try {
      runEach(batch, values);
      shared?.flush();
      commit.run();
    } catch (error) {
      shared?.abort();
      if (database.isTransaction) database.exec('ROLLBACK');
      if (batch.length > 1) alone = batch.length;
      else for (const { reject } of leave(batch)) reject(toError(error));
      return;
    }
    lastBatchSize = batch.length;
    const changed = hasChanged?.() ?? true;
    leave(batch);
    const acknowledge = (): void => {
      // What is stored is acknowledged, also when telling of it fails.
      for (const [index, { resolve }] of batch.entries()) resolve(values[index]);
      if (changed) onStored();
    };
    if (sync === undefined) acknowledge();
    // What has changed nothing may rest on what others have committed and the disk does not have yet.
    else whenSynced(sync(), acknowledge, batch);
  };

  /** These wait no more. */
  const leave = (batch: readonly Waiting[]): readonly Waiting[] => {
    if (alone > 0) alone -= 1;
    waiting.splice(0, batch.length);
    return batch;
  };

  const whenSynced = (synced: Promise<void>, acknowledge: () => void, batch: readonly Waiting[]): void => {
    const own = synced
      .then(acknowledge, (error: unknown) => {
        for (const operation of batch) operation.reject(toError(error));
      })
      .finally(() => syncing.delete(own));
    syncing.add(own);
  };

  /**
   * Time for others to join. While the disk is busy nobody can be served sooner, so that is when there is time.
   * Without a disk to wait for, those who came together the last time may do so again.
   */
  const company = (): Promise<unknown> => {
    if (sync === undefined) return lastBatchSize > 1 ? window(windowMs) : endOfTurn();
    return syncing.size > 0 ? Promise.race([...syncing, window(windowMs)]) : endOfTurn();
  };

  const runAll = async (): Promise<void> => {
    await company();
    while (waiting.length > 0) {
      try {
        await whenUnlocked(runBatch, patienceMs);
      } catch (error) {
        for (const operation of waiting.splice(0)) operation.reject(toError(error));
        alone = 0;
      }
      // Between two batches everybody else gets a turn.
      if (waiting.length > 0) await endOfTurn();
    }
    running = undefined;
  };

  return {
    add<Value>(operation: () => Value): Promise<Value> {
      return new Promise<Value>((resolve, reject) => {
        waiting.push({ run: operation, resolve: resolve as (value: unknown) => void, reject });
        running ??= runAll();
      });
    },
    async drain() {
      for (let last = running; last !== undefined; last = running) await last;
      await Promise.all(syncing);
    },
  };
}

function window(windowMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, windowMs);
  });
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
