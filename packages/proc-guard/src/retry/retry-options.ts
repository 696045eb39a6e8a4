import type { RetryBudget } from './retry-budget.ts';

export type RetryStopReason = 'attempts' | 'elapsed' | 'budget' | 'not-retryable';

export interface RetryContext {
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts when the attempt's or the whole time is up, or when the caller aborts. */
  readonly signal: AbortSignal;
}

export interface BackoffOptions {
  /**
   * `full`: anywhere between nothing and the exponential delay. `decorrelated`: between the first
   * delay and three times the last one. Both stay random at the cap. `none`: exactly the exponential.
   *
   * @defaultValue 'full'
   */
  readonly jitter?: 'full' | 'decorrelated' | 'none';
  /** @defaultValue 100 */
  readonly initialDelayMs?: number;
  /**
   * Ceiling: one hour.
   *
   * @defaultValue 10_000
   */
  readonly maxDelayMs?: number;
  /**
   * Between 1 and 10.
   *
   * @defaultValue 2
   */
  readonly factor?: number;
}

export interface RetryEvent {
  /** The attempt that has just failed. */
  readonly attempt: number;
  readonly error: unknown;
  readonly delayMs: number;
  readonly elapsedMs: number;
}

export interface RetryOptions {
  /**
   * How often the operation runs in all. Ceiling: 100.
   *
   * @defaultValue 3
   */
  readonly maxAttempts?: number;
  /**
   * How long everything may take, the attempt in flight included: it is cut. Ceiling: 24 hours.
   *
   * @defaultValue 60_000
   */
  readonly maxElapsedMs?: number;
  /**
   * How long one attempt may take. Ceiling: 24 hours.
   *
   * @defaultValue maxElapsedMs
   */
  readonly attemptTimeoutMs?: number;
  readonly backoff?: BackoffOptions;
  /** Ends everything at once, a back-off sleep too; the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Return false for what another attempt cannot mend. */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean;
  /** The wait that the other side asked for (`Retry-After`), or undefined; it takes the place of a shorter back-off. */
  readonly retryAfterMs?: (error: unknown) => number | undefined;
  /** Shared by many callers, so that all of them together cannot storm a failing dependency. */
  readonly budget?: RetryBudget;
  /** Called before each back-off sleep. */
  readonly onRetry?: (event: RetryEvent) => void;
}
