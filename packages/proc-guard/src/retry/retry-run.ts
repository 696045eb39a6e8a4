import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { AttemptContext } from './attempt-context.ts';
import { backoffDelay } from './backoff.ts';
import { armAtEndOfTurn, forgetAtEndOfTurn, timeOfTurn, type Deferred } from './deferred-deadline.ts';
import { RetryError } from './retry-error.ts';
import type { RetryContext, RetryOptions, RetryStopReason } from './retry-options.ts';
import type { RetryPolicy } from './retry-policy.ts';

export type RetryOperation<T> = (context: RetryContext) => T | PromiseLike<T>;

/**
 * One call of `retry`, from its first attempt to its end.
 *
 * | State      | Event                                   | Next                             |
 * |------------|-----------------------------------------|----------------------------------|
 * | attempting | success                                 | settled with the value           |
 * | attempting | failure, another attempt allowed        | sleeping                         |
 * | attempting | failure, none allowed                   | settled with a RetryError        |
 * | attempting | the attempt's time is up                | as a failure; the attempt is cut |
 * | attempting | the whole time is up                    | settled with a RetryError        |
 * | sleeping   | the back-off is over                    | attempting                       |
 * | either     | the caller aborts                       | settled with the signal's reason |
 */
export class RetryRun<T> implements Deferred {
  previous: Deferred | undefined;
  next: Deferred | undefined;
  isWaiting: boolean;
  private readonly operation: RetryOperation<T>;
  private readonly options: RetryOptions | undefined;
  private readonly policy: RetryPolicy;
  private readonly resolve: (value: T) => void;
  private readonly reject: (error: unknown) => void;
  private readonly startedAt: number;
  private attempt: number;
  private attemptStartedAt: number;
  private delayMs: number;
  /** Of the attempt under way; a result that belongs to another one comes too late. */
  private context: AttemptContext | undefined;
  private timer: NodeJS.Timeout | undefined;
  private onAbort: (() => void) | undefined;

  // Plain fields, set here: with private names and initializers a first success takes a sixth longer.
  constructor(
    operation: RetryOperation<T>,
    options: RetryOptions | undefined,
    policy: RetryPolicy,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.previous = undefined;
    this.next = undefined;
    this.isWaiting = false;
    this.operation = operation;
    this.options = options;
    this.policy = policy;
    this.resolve = resolve;
    this.reject = reject;
    // A caller with a bound of its own gets the exact time; the default bound is a minute.
    const isExact = options?.maxElapsedMs !== undefined || options?.attemptTimeoutMs !== undefined;
    this.startedAt = isExact ? performance.now() : timeOfTurn();
    this.attempt = 0;
    this.attemptStartedAt = this.startedAt;
    this.delayMs = 0;
    this.context = undefined;
    this.timer = undefined;
    this.onAbort = undefined;
  }

  start(): void {
    const signal = this.options?.signal;
    if (signal !== undefined) {
      this.onAbort = () => this.settle(() => this.reject(signal.reason), signal.reason);
      signal.addEventListener('abort', this.onAbort, { once: true });
    }
    this.tryOnce();
  }

  private tryOnce(): void {
    this.attempt += 1;
    const context = new AttemptContext(this.attempt);
    this.context = context;
    let result: T | PromiseLike<T>;
    try {
      result = this.operation(context);
    } catch (error) {
      if (this.context === context) this.failed(error);
      return;
    }
    if (this.context !== context) return;
    if (!isThenable(result)) {
      this.succeeded(result);
      return;
    }
    armAtEndOfTurn(this);
    result.then(
      (value) => (this.context === context ? this.succeeded(value) : undefined),
      (error: unknown) => (this.context === context ? this.failed(error) : undefined),
    );
  }

  /** The attempt lasts: from now on a timer watches it. */
  arm(): void {
    this.timer = setTimeout(() => this.timeIsUp(), Math.max(1, Math.ceil(this.cutAt() - performance.now())));
  }

  private deadlineAt(): number {
    return this.startedAt + this.policy.maxElapsedMs;
  }

  private cutAt(): number {
    const { attemptTimeoutMs } = this.policy;
    return attemptTimeoutMs === undefined
      ? this.deadlineAt()
      : Math.min(this.deadlineAt(), this.attemptStartedAt + attemptTimeoutMs);
  }

  private timeIsUp(): void {
    const isWhole = this.cutAt() >= this.deadlineAt();
    const context = this.context;
    this.context = undefined;
    const error = new ProcGuardError(
      'ATTEMPT_TIMEOUT',
      isWhole
        ? `attempt ${this.attempt} was cut: the retry's time is up`
        : `attempt ${this.attempt} took longer than ${this.policy.attemptTimeoutMs} ms`,
    );
    if (isWhole) this.giveUp('elapsed', error);
    else this.failed(error);
    context?.abort(error);
  }

  private succeeded(value: T): void {
    this.endAttempt();
    if (this.onAbort !== undefined) this.options?.signal?.removeEventListener('abort', this.onAbort);
    this.resolve(value);
  }

  private failed(error: unknown): void {
    this.endAttempt();
    try {
      this.afterFailure(error);
    } catch (thrown) {
      // By one of the caller's own functions.
      this.settle(() => this.reject(thrown));
    }
  }

  private afterFailure(error: unknown): void {
    const options = this.options;
    if (options?.shouldRetry?.(error, this.attempt) === false) return this.giveUp('not-retryable', error);
    if (this.attempt >= this.policy.maxAttempts) return this.giveUp('attempts', error);
    this.delayMs = backoffDelay(this.policy.backoff, this.attempt, this.delayMs);
    const delayMs = Math.max(this.delayMs, askedWaitMs(options, error));
    const elapsedMs = performance.now() - this.startedAt;
    // A wait that leaves no time for another attempt would only put off the same answer.
    if (elapsedMs + delayMs >= this.policy.maxElapsedMs) return this.giveUp('elapsed', error);
    if (options?.budget?.tryWithdraw() === false) return this.giveUp('budget', error);
    options?.onRetry?.({ attempt: this.attempt, error, delayMs, elapsedMs });
    // One of the functions above may have aborted.
    if (options?.signal?.aborted === true) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.attemptStartedAt = performance.now();
      this.tryOnce();
    }, delayMs);
  }

  private giveUp(reason: RetryStopReason, cause: unknown): void {
    const elapsedMs = performance.now() - this.startedAt;
    this.settle(() => this.reject(new RetryError({ attempts: this.attempt, elapsedMs, reason, cause })));
  }

  private settle(settle: () => void, abortReason?: unknown): void {
    const context = this.context;
    this.endAttempt();
    if (this.onAbort !== undefined) this.options?.signal?.removeEventListener('abort', this.onAbort);
    settle();
    context?.abort(abortReason);
  }

  private endAttempt(): void {
    this.context = undefined;
    forgetAtEndOfTurn(this);
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
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

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
