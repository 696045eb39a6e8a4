import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { boundedNumber } from '../options/bounded-number.ts';

export interface CircuitBreakerOptions {
  /**
   * How many failures in a row open the circuit.
   *
   * @defaultValue 5
   */
  readonly failureThreshold?: number;
  /**
   * How long it stays open before it lets trials through.
   *
   * @defaultValue 30_000
   */
  readonly openMs?: number;
  /**
   * How many successes in a row close it again; as many trials may run at a time.
   *
   * @defaultValue 1
   */
  readonly trials?: number;
  /** False for an error that says nothing about the dependency's health, such as a bad request. */
  readonly isFailure?: (error: unknown) => boolean;
  readonly onStateChange?: (state: CircuitState) => void;
  /**
   * Milliseconds on a clock that never goes back.
   *
   * @defaultValue performance.now
   */
  readonly now?: () => number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitBreaker {
  readonly state: CircuitState;
  /**
   * Runs the operation, unless the circuit is open.
   *
   * @throws CircuitOpenError at once, without a call, while it is open.
   */
  execute<T>(operation: () => T | PromiseLike<T>): Promise<T>;
}

/** The dependency is known to be down: nothing was called. */
export class CircuitOpenError extends ProcGuardError {
  override readonly name = 'CircuitOpenError';
  /** After how long a call may be let through again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('CIRCUIT_OPEN', `the circuit is open; try again in ${Math.ceil(retryAfterMs)} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

type Inner =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open'; readonly running: number; readonly successes: number };

/**
 * Fails fast while a dependency is down.
 *
 * | State     | Event                             | Next                          |
 * |-----------|-----------------------------------|-------------------------------|
 * | closed    | success                           | closed, failures back to 0    |
 * | closed    | failure, below the threshold      | closed, one failure more      |
 * | closed    | failure, at the threshold         | open for `openMs`             |
 * | open      | a call before the time            | open, refused                 |
 * | open      | a call after the time             | half-open, the call is a trial |
 * | half-open | a call while all trials run       | half-open, refused            |
 * | half-open | as many successes as `trials`     | closed                        |
 * | half-open | failure                           | open for `openMs`             |
 *
 * There is no timer: the state changes when somebody calls. What a call that began in an earlier
 * state reports later does not count.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const failureThreshold = boundedNumber('failureThreshold', options.failureThreshold, {
    fallback: 5,
    min: 1,
    max: 10_000,
    integer: true,
  });
  const openMs = boundedNumber('openMs', options.openMs, { fallback: 30_000, min: 1, max: 86_400_000 });
  const trials = boundedNumber('trials', options.trials, { fallback: 1, min: 1, max: 1_000, integer: true });
  const now = options.now ?? (() => performance.now());
  let inner: Inner = { kind: 'closed', failures: 0 };
  /** Rises with each change of state, so that late results are known as such. */
  let era = 0;

  const enter = (next: Inner): void => {
    const changed = next.kind !== inner.kind;
    inner = next;
    if (!changed) return;
    era += 1;
    options.onStateChange?.(next.kind);
  };

  const admit = (): void => {
    if (inner.kind === 'open') {
      const leftMs = inner.until - now();
      if (leftMs > 0) throw new CircuitOpenError(leftMs);
      enter({ kind: 'half-open', running: 0, successes: 0 });
    }
    if (inner.kind === 'half-open') {
      if (inner.running + inner.successes >= trials) throw new CircuitOpenError(0);
      enter({ ...inner, running: inner.running + 1 });
    }
  };

  const succeeded = (): void => {
    if (inner.kind === 'closed' && inner.failures > 0) enter({ kind: 'closed', failures: 0 });
    if (inner.kind !== 'half-open') return;
    const successes = inner.successes + 1;
    enter(
      successes >= trials
        ? { kind: 'closed', failures: 0 }
        : { ...inner, running: inner.running - 1, successes },
    );
  };

  const failed = (): void => {
    const failures = inner.kind === 'closed' ? inner.failures + 1 : failureThreshold;
    enter(
      failures >= failureThreshold ? { kind: 'open', until: now() + openMs } : { kind: 'closed', failures },
    );
  };

  return {
    get state() {
      return inner.kind === 'open' && inner.until <= now() ? 'half-open' : inner.kind;
    },
    execute: async (operation) => {
      admit();
      const admittedIn = era;
      try {
        const value = await operation();
        if (era === admittedIn) succeeded();
        return value;
      } catch (error) {
        if (era === admittedIn) {
          if (options.isFailure?.(error) === false) succeeded();
          else failed();
        }
        throw error;
      }
    },
  };
}
