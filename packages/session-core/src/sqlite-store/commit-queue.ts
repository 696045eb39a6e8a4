import type { DatabaseSync } from 'node:sqlite';

import { retry, type RetryOptions } from '@endwell/proc-guard';

import type { WriteBatch } from './write-batch.ts';

export interface CommitQueue {
  /** Runs the operation in a transaction, together with others that wait; resolves after the commit. */
  add<Value>(operation: () => Value): Promise<Value>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

export interface CommitQueueOptions {
  readonly database: DatabaseSync;
  /** How long the first of many waits for others. */
  readonly windowMs: number;
  readonly busyRetry: RetryOptions;
  /** Called after each commit. */
  readonly onCommit: () => void;
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
 * Group commit: waiting for the disk costs the same for one operation as for a thousand. Each
 * operation has a savepoint of its own, so that one that fails takes no other with it.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { database, windowMs, busyRetry, onCommit, toError, batch: shared } = options;
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let lastBatchSize = 0;

  const begin = database.prepare('BEGIN IMMEDIATE');
  const savepoint = database.prepare('SAVEPOINT operation');
  const release = database.prepare('RELEASE operation');
  const rollbackTo = database.prepare('ROLLBACK TO operation');
  const commit = database.prepare('COMMIT');

  const runOne = (operation: Waiting): (() => void) => {
    shared?.beginOperation();
    savepoint.run();
    try {
      const value = operation.run();
      release.run();
      shared?.endOperation();
      return () => operation.resolve(value);
    } catch (error) {
      // A full disk ends the whole transaction; then nobody's write has happened.
      if (!database.isTransaction) throw error;
      rollbackTo.run();
      release.run();
      shared?.undoOperation();
      return () => operation.reject(toError(error));
    }
  };

  /** Throws, with everything still waiting, when another process holds the write lock. */
  const runBatch = (): void => {
    begin.run();
    shared?.begin();
    const batch: Waiting[] = [];
    const settle: (() => void)[] = [];
    const endsAt = performance.now() + maxBatchMs;
    try {
      do {
        const operation = waiting.shift();
        if (operation === undefined) break;
        batch.push(operation);
        settle.push(runOne(operation));
      } while (performance.now() < endsAt);
      shared?.flush();
      commit.run();
    } catch (error) {
      shared?.abort();
      if (database.isTransaction) database.exec('ROLLBACK');
      for (const operation of batch) operation.reject(toError(error));
      return;
    }
    lastBatchSize = batch.length;
    onCommit();
    for (const each of settle) each();
  };

  const runAll = async (): Promise<void> => {
    await (lastBatchSize > 1 ? window(windowMs) : endOfTurn());
    while (waiting.length > 0) {
      try {
        await retry(runBatch, busyRetry);
      } catch (error) {
        for (const operation of waiting.splice(0)) operation.reject(toError(error));
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
