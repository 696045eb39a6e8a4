import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { armAtEndOfTurn, type Deadline } from './deferred-deadline.ts';
import type { RetryContext } from './retry-options.ts';

export type AttemptOutcome<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
  /** The whole retry's time is up. */
  | { readonly kind: 'out-of-time'; readonly error: unknown }
  | { readonly kind: 'aborted' };

/** The AbortController is made only for an operation that asks for its signal. */
class AttemptContext implements RetryContext {
  readonly attempt: number;
  #controller: AbortController | undefined;
  #abortedWith: { readonly reason: unknown } | undefined;

  constructor(attempt: number) {
    this.attempt = attempt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortedWith !== undefined) this.#controller.abort(this.#abortedWith.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#abortedWith = { reason };
    this.#controller?.abort(reason);
  }
}

/** Runs the operation once and settles when it does, its time is up or the caller aborts. Never rejects. */
export function attemptOnce<T>(
  operation: (context: RetryContext) => T | PromiseLike<T>,
  attempt: number,
  deadlineAt: number,
  attemptTimeoutMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<AttemptOutcome<T>> | AttemptOutcome<T> {
  const context = new AttemptContext(attempt);
  let started: T | PromiseLike<T>;
  try {
    started = operation(context);
  } catch (error) {
    return signal?.aborted === true ? { kind: 'aborted' } : { kind: 'error', error };
  }
  if (!isThenable(started)) return { kind: 'value', value: started };
  return settle(started, context, deadlineAt, attemptTimeoutMs, signal);
}

function settle<T>(
  pending: PromiseLike<T>,
  context: AttemptContext,
  deadlineAt: number,
  attemptTimeoutMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<AttemptOutcome<T>> {
  return new Promise((resolve) => {
    const attemptEndsAt = attemptTimeoutMs === undefined ? deadlineAt : performance.now() + attemptTimeoutMs;
    const deadline: Deadline = {
      at: Math.min(deadlineAt, attemptEndsAt),
      settled: false,
      timer: undefined,
      reached: () => {
        const whole = deadlineAt <= attemptEndsAt;
        const error = new ProcGuardError(
          'ATTEMPT_TIMEOUT',
          whole
            ? `attempt ${context.attempt} was cut: the retry's time is up`
            : `attempt ${context.attempt} took longer than ${attemptTimeoutMs} ms`,
        );
        finish({ kind: whole ? 'out-of-time' : 'error', error });
        context.abort(error);
      },
    };
    const finish = (outcome: AttemptOutcome<T>): void => {
      deadline.settled = true;
      if (deadline.timer !== undefined) clearTimeout(deadline.timer);
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const abort = (): void => {
      finish({ kind: 'aborted' });
      context.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    armAtEndOfTurn(deadline);
    pending.then(
      (value) => finish({ kind: 'value', value }),
      (error: unknown) => finish({ kind: 'error', error }),
    );
  });
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
