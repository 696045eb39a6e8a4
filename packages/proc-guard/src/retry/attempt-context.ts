import type { RetryContext } from './retry-options.ts';

/** What an attempt is given. The AbortController is made only for an operation that asks for its signal. */
export class AttemptContext implements RetryContext {
  readonly attempt: number;
  private controller: AbortController | undefined;

  constructor(attempt: number) {
    this.attempt = attempt;
    this.controller = undefined;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  /** Also for who asks for the signal only afterwards. */
  abort(reason: unknown): void {
    this.controller ??= new AbortController();
    this.controller.abort(reason);
  }
}
