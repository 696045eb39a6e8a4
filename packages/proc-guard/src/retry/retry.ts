import type { RetryOptions } from './retry-options.ts';
import { retryPolicy, type RetryPolicy } from './retry-policy.ts';
import { RetryRun, type RetryOperation } from './retry-run.ts';

/**
 * Runs an operation until it succeeds, within bounds that always exist: attempts, time (which cuts
 * the attempt in flight, also one that ignores its signal) and, where callers share one, a budget.
 * Nothing keeps the process alive after it has settled.
 *
 * @throws RetryError with the attempts, the time, the reason it stopped and the last error as `cause`.
 * @throws ProcGuardError `RETRY_UNBOUNDED` or `INVALID_OPTIONS` for a policy without an end.
 * @throws `signal.reason` when the caller aborts.
 */
export function retry<T>(operation: RetryOperation<T>, options?: RetryOptions): Promise<T> {
  let policy: RetryPolicy;
  try {
    policy = retryPolicy(options);
    options?.signal?.throwIfAborted();
  } catch (error) {
    return Promise.reject(error);
  }
  options?.budget?.deposit();
  return new Promise((resolve, reject) => new RetryRun(operation, options, policy, resolve, reject).start());
}
