import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { boundedNumber } from '../options/bounded-number.ts';
import type { BackoffOptions, RetryOptions } from './retry-options.ts';

/** No policy goes beyond these. */
export const retryCeilings = {
  maxAttempts: 100,
  maxElapsedMs: 86_400_000,
  attemptTimeoutMs: 86_400_000,
  maxDelayMs: 3_600_000,
} as const;

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly maxElapsedMs: number;
  readonly attemptTimeoutMs: number | undefined;
  readonly backoff: BackoffPolicy;
}

export interface BackoffPolicy {
  readonly jitter: 'full' | 'decorrelated' | 'none';
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly factor: number;
}

const defaultBackoff: BackoffPolicy = { jitter: 'full', initialDelayMs: 100, maxDelayMs: 10_000, factor: 2 };

const defaultPolicy: RetryPolicy = {
  maxAttempts: 3,
  maxElapsedMs: 60_000,
  attemptTimeoutMs: undefined,
  backoff: defaultBackoff,
};

/** Checks the options and fills in the defaults. It runs with every call, so it allocates nothing but its result. */
export function retryPolicy(options: RetryOptions | undefined): RetryPolicy {
  if (options === undefined) return defaultPolicy;
  const { maxAttempts, attemptTimeoutMs } = options;
  if (maxAttempts !== undefined && !Number.isInteger(maxAttempts) && Number.isFinite(maxAttempts)) {
    throw new ProcGuardError('INVALID_OPTIONS', `maxAttempts must be a whole number, not ${maxAttempts}`, {
      option: 'maxAttempts',
    });
  }
  return {
    maxAttempts: bound('maxAttempts', maxAttempts, 3, 1, retryCeilings.maxAttempts),
    maxElapsedMs: bound('maxElapsedMs', options.maxElapsedMs, 60_000, 1, retryCeilings.maxElapsedMs),
    attemptTimeoutMs:
      attemptTimeoutMs === undefined
        ? undefined
        : bound('attemptTimeoutMs', attemptTimeoutMs, 0, 1, retryCeilings.attemptTimeoutMs),
    backoff: options.backoff === undefined ? defaultBackoff : backoffPolicy(options.backoff),
  };
}

/** Checks the options of a back-off and fills in its defaults. */
export function backoffPolicy(options: BackoffOptions): BackoffPolicy {
  const { maxDelayMs: longest } = retryCeilings;
  const jitter = options.jitter ?? 'full';
  if (jitter !== 'full' && jitter !== 'decorrelated' && jitter !== 'none') {
    throw new ProcGuardError(
      'INVALID_OPTIONS',
      `backoff.jitter must be full, decorrelated or none, not ${String(jitter)}`,
      { option: 'backoff.jitter' },
    );
  }
  const usualFirst = Math.min(defaultBackoff.initialDelayMs, options.maxDelayMs ?? longest);
  const initialDelayMs = bound('backoff.initialDelayMs', options.initialDelayMs, usualFirst, 0, longest);
  const usualLast = Math.max(defaultBackoff.maxDelayMs, initialDelayMs);
  return {
    jitter,
    initialDelayMs,
    maxDelayMs: bound('backoff.maxDelayMs', options.maxDelayMs, usualLast, initialDelayMs, longest),
    factor: bound('backoff.factor', options.factor, 2, 1, 10),
  };
}

/** What is beyond the ceiling is refused as unbounded: that is what it is meant as. */
function bound(name: string, value: number | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  if (typeof value === 'number' && value > max) {
    throw new ProcGuardError('RETRY_UNBOUNDED', `${name} may be at most ${max}, not ${value}`, {
      option: name,
    });
  }
  return boundedNumber(name, value, { fallback, min, max });
}
