import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { boundedNumber, type NumberBounds } from '../options/bounded-number.ts';
import type { RetryOptions } from './retry-options.ts';

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
  readonly jitter: 'full' | 'decorrelated' | 'none';
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly factor: number;
}

const defaultPolicy: RetryPolicy = {
  maxAttempts: 3,
  maxElapsedMs: 60_000,
  attemptTimeoutMs: undefined,
  jitter: 'full',
  initialDelayMs: 100,
  maxDelayMs: 10_000,
  factor: 2,
};

/** Checks the options and fills in the defaults. */
export function retryPolicy(options: RetryOptions | undefined): RetryPolicy {
  return options === undefined ? defaultPolicy : checkPolicy(options);
}

function checkPolicy(options: RetryOptions): RetryPolicy {
  const { backoff = {} } = options;
  const initialDelayMs = bound('backoff.initialDelayMs', backoff.initialDelayMs, {
    fallback: Math.min(defaultPolicy.initialDelayMs, backoff.maxDelayMs ?? defaultPolicy.initialDelayMs),
    min: 0,
    max: retryCeilings.maxDelayMs,
  });
  const jitter = backoff.jitter ?? defaultPolicy.jitter;
  if (jitter !== 'full' && jitter !== 'decorrelated' && jitter !== 'none') {
    throw new ProcGuardError(
      'INVALID_OPTIONS',
      `backoff.jitter must be full, decorrelated or none, not ${String(jitter)}`,
      {
        option: 'backoff.jitter',
      },
    );
  }
  return {
    maxAttempts: bound('maxAttempts', options.maxAttempts, {
      fallback: defaultPolicy.maxAttempts,
      min: 1,
      max: retryCeilings.maxAttempts,
      integer: true,
    }),
    maxElapsedMs: bound('maxElapsedMs', options.maxElapsedMs, {
      fallback: defaultPolicy.maxElapsedMs,
      min: 1,
      max: retryCeilings.maxElapsedMs,
    }),
    attemptTimeoutMs:
      options.attemptTimeoutMs === undefined
        ? undefined
        : bound('attemptTimeoutMs', options.attemptTimeoutMs, {
            fallback: 0,
            min: 1,
            max: retryCeilings.attemptTimeoutMs,
          }),
    jitter,
    initialDelayMs,
    maxDelayMs: bound('backoff.maxDelayMs', backoff.maxDelayMs, {
      fallback: Math.max(defaultPolicy.maxDelayMs, initialDelayMs),
      min: initialDelayMs,
      max: retryCeilings.maxDelayMs,
    }),
    factor: bound('backoff.factor', backoff.factor, { fallback: defaultPolicy.factor, min: 1, max: 10 }),
  };
}

/** What is beyond the ceiling is refused as unbounded: that is what it is meant as. */
function bound(name: string, value: number | undefined, bounds: NumberBounds): number {
  if (typeof value === 'number' && value > bounds.max) {
    throw new ProcGuardError('RETRY_UNBOUNDED', `${name} may be at most ${bounds.max}, not ${value}`, {
      option: name,
    });
  }
  return boundedNumber(name, value, bounds);
}
