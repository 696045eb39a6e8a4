import { boundedNumber } from '../options/bounded-number.ts';

export interface RetryBudgetOptions {
  /**
   * How many retries each first attempt pays for.
   *
   * @defaultValue 0.1
   */
  readonly ratio?: number;
  /**
   * How many retries can be saved up, and what the budget starts with.
   *
   * @defaultValue 10
   */
  readonly capacity?: number;
  /**
   * Retries per second that a caller with little traffic always gets.
   *
   * @defaultValue 1
   */
  readonly minPerSecond?: number;
  /**
   * Milliseconds on a clock that never goes back.
   *
   * @defaultValue performance.now
   */
  readonly now?: () => number;
}

/**
 * A token bucket that many callers share: each call pays in a fraction, each retry takes a whole
 * token, so that a dependency which fails altogether gets a few per cent more calls, and not a
 * multiple. (The retry budget of Finagle and of gRPC's retry throttling.)
 */
export interface RetryBudget {
  /** How many retries could be made now; never negative. */
  readonly available: number;
  /** A first attempt was made. */
  deposit(): void;
  /** Takes a token for one retry; false when there is none. */
  tryWithdraw(): boolean;
}

export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const ratio = boundedNumber('ratio', options.ratio, { fallback: 0.1, min: 0, max: 1 });
  const capacity = boundedNumber('capacity', options.capacity, { fallback: 10, min: 0, max: 1_000_000 });
  const minPerSecond = boundedNumber('minPerSecond', options.minPerSecond, {
    fallback: 1,
    min: 0,
    max: 10_000,
  });
  const now = options.now ?? (() => performance.now());
  let tokens = capacity;
  let refilledAt = now();

  const refill = (): void => {
    const time = now();
    tokens = Math.min(capacity, tokens + (Math.max(0, time - refilledAt) * minPerSecond) / 1000);
    refilledAt = time;
  };

  return {
    get available() {
      refill();
      return Math.floor(tokens);
    },
    deposit: () => {
      tokens = Math.min(capacity, tokens + ratio);
    },
    tryWithdraw: () => {
      refill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
