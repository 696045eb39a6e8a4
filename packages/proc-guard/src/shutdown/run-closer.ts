import type { CloserOutcome, NamedCloser, ShutdownCause, ShutdownPhase } from './shutdown.ts';

export interface CloserRun {
  readonly cause: ShutdownCause;
  readonly phase: ShutdownPhase;
  readonly limitMs: number;
  readonly forced: AbortSignal;
}

/** Runs one closer until it has settled, its time is up or the shutdown is forced. Never rejects. */
export function runCloser(closer: NamedCloser, run: CloserRun): Promise<CloserOutcome> {
  const { name } = closer;
  const { phase, forced } = run;
  if (forced.aborted || run.limitMs <= 0) {
    return Promise.resolve({ name, phase, outcome: 'not-started', elapsedMs: 0 });
  }
  const startedAt = performance.now();
  const controller = new AbortController();
  return new Promise((resolve) => {
    const finish = (outcome: CloserOutcome['outcome'], failure?: { readonly error: unknown }): void => {
      clearTimeout(timer);
      forced.removeEventListener('abort', cut);
      resolve({ name, phase, outcome, elapsedMs: performance.now() - startedAt, ...failure });
    };
    const cut = (): void => {
      controller.abort(new DOMException(`no time left to close ${name}`, 'TimeoutError'));
      finish('timed-out');
    };
    const timer = setTimeout(cut, run.limitMs);
    forced.addEventListener('abort', cut, { once: true });
    Promise.resolve()
      .then(() => closer.close({ cause: run.cause, phase, signal: controller.signal }))
      .then(
        () => finish('closed'),
        (error: unknown) => finish('failed', { error }),
      );
  });
}
