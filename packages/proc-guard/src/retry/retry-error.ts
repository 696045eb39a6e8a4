import { ProcGuardError } from '../errors/proc-guard-error.ts';
import type { RetryStopReason } from './retry-options.ts';

export interface RetryFailure {
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly reason: RetryStopReason;
  readonly cause: unknown;
}

/** A bounded retry came to its end. `cause` is the last attempt's error. */
export class RetryError extends ProcGuardError {
  override readonly name = 'RetryError';
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly reason: RetryStopReason;

  constructor(failure: RetryFailure) {
    super('RETRY_EXHAUSTED', describeFailure(failure), { cause: failure.cause });
    this.attempts = failure.attempts;
    this.elapsedMs = failure.elapsedMs;
    this.reason = failure.reason;
  }
}

const sentences: Record<RetryStopReason, string> = {
  attempts: 'no attempt is left',
  elapsed: 'the time is up',
  budget: 'the retry budget is spent',
  'not-retryable': 'another attempt cannot help',
};

function describeFailure({ attempts, elapsedMs, reason }: RetryFailure): string {
  return `gave up after ${attempts} attempt${attempts === 1 ? '' : 's'} in ${Math.round(elapsedMs)} ms: ${sentences[reason]}`;
}
