import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { attemptOnce } from './attempt.ts';
import { backoffDelay } from './backoff.ts';
import { RetryError } from './retry-error.ts';
import type { RetryContext, RetryOptions, RetryStopReason } from './retry-options.ts';
import { retryPolicy } from './retry-policy.ts';
import { sleep } from './sleep.ts';

/**
 * Runs an operation until it succeeds, within bounds that always exist: attempts, time (which cuts
 * the attempt in flight, also one that ignores its signal) and, where callers share one, a budget.
 * Nothing keeps the process alive after it has settled.
 *
 * @throws RetryError with the attempts, the time, the reason it stopped and the last error as `cause`.
 * @throws ProcGuardError `RETRY_UNBOUNDED` or `INVALID_OPTIONS` for a policy without an end.
 * @throws `signal.reason` when the caller aborts.
 */
export async function retry<T>(
  operation: (context: RetryContext) => T | PromiseLike<T>,
  options?: RetryOptions,
): Promise<T> {
  const policy = retryPolicy(options);
  const signal = options?.signal;
  signal?.throwIfAborted();
  options?.budget?.deposit();

  const startedAt = performance.now();
  const deadlineAt = startedAt + policy.maxElapsedMs;
  let delayMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(operation, attempt, deadlineAt, policy.attemptTimeoutMs, signal);
    if (outcome.kind === 'value') return outcome.value;
    signal?.throwIfAborted();
    if (outcome.kind === 'aborted') throw signal?.reason;

    const { error } = outcome;
    const elapsedMs = performance.now() - startedAt;
    const giveUp = (reason: RetryStopReason): RetryError =>
      new RetryError({ attempts: attempt, elapsedMs, reason, cause: error });

    if (outcome.kind === 'out-of-time') throw giveUp('elapsed');
    if (options?.shouldRetry?.(error, attempt) === false) throw giveUp('not-retryable');
    if (attempt >= policy.maxAttempts) throw giveUp('attempts');
    delayMs = backoffDelay(policy, attempt, delayMs);
    const waitMs = Math.max(delayMs, askedWaitMs(options, error));
    // A wait that leaves no time for another attempt would only put off the same answer.
    if (elapsedMs + waitMs >= policy.maxElapsedMs) throw giveUp('elapsed');
    if (options?.budget?.tryWithdraw() === false) throw giveUp('budget');

    options?.onRetry?.({ attempt, error, delayMs: waitMs, elapsedMs });
    await sleep(waitMs, signal);
  }
}

function askedWaitMs(options: RetryOptions | undefined, error: unknown): number {
  const asked = options?.retryAfterMs?.(error);
  if (asked === undefined) return 0;
  if (typeof asked !== 'number' || Number.isNaN(asked) || asked < 0) {
    throw new ProcGuardError('INVALID_OPTIONS', `retryAfterMs returned ${String(asked)}, which is no wait`, {
      option: 'retryAfterMs',
      cause: error,
    });
  }
  return asked;
}
