import { retry, type RetryOptions } from '@endwell/proc-guard';

import { isBusy } from './sqlite-error.ts';

/** Five seconds in all, in waits short enough that a free lock is soon found. */
export const busyRetry: RetryOptions = {
  maxAttempts: 100,
  maxElapsedMs: 5_000,
  backoff: { jitter: 'full', initialDelayMs: 2, maxDelayMs: 100, factor: 1.5 },
  shouldRetry: isBusy,
};

/** Runs a read at once, and again for a while when another process holds the database. */
export async function readPatiently<Value>(
  read: () => Value,
  toError: (error: unknown) => unknown,
): Promise<Value> {
  try {
    return read();
  } catch (error) {
    if (!isBusy(error)) throw toError(error);
  }
  try {
    return await retry(read, busyRetry);
  } catch (error) {
    throw toError(error);
  }
}
