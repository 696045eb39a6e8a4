import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { toError } from '../errors/to-error.ts';
import { boundedNumber } from '../options/bounded-number.ts';
import { exitCode } from './exit-code.ts';
import { listenForSignals } from './listen-for-signals.ts';
import { runCloser } from './run-closer.ts';
import type {
  Closer,
  CloserOutcome,
  NamedCloser,
  Shutdown,
  ShutdownCause,
  ShutdownLogger,
  ShutdownPhase,
  ShutdownResult,
  ShutdownState,
} from './shutdown.ts';
import { runInShutdown } from './shutdown-scope.ts';

export interface CreateShutdownOptions {
  readonly closers?: readonly NamedCloser[];
  /**
   * How long everything after the delay may take.
   *
   * @defaultValue 10_000
   */
  readonly deadlineMs?: number;
  /**
   * How long draining may take; what is left of the deadline is for closing.
   *
   * @defaultValue half of `deadlineMs`
   */
  readonly drainMs?: number;
  /**
   * How long to go on serving after readiness is gone, for a load balancer that needs to notice.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number;
  /** @defaultValue ['SIGINT', 'SIGTERM', 'SIGHUP'] */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called with the exit code at the end. Without it the process ends when its event loop is empty. */
  readonly exit?: (code: number) => void;
  readonly logger?: ShutdownLogger;
}

const maxWaitMs = 3_600_000;
/** Closer together than this, two equal signals are one that came two ways. */
const repeatAfterMs = 100;
const phases: readonly ShutdownPhase[] = ['not-ready', 'stop-intake', 'drain', 'close'];

/**
 * One ordered end for a program:
 *
 * ```
 * running ─ trigger ─▶ not-ready ─ delayMs ─▶ stop-intake ─▶ drain ─▶ close ─▶ done ─▶ exit(code)
 *                          └──────────── the same signal again ──────────────▶ done (forced)
 * ```
 *
 * Somebody who presses Ctrl-C twice means it. Another signal than the first forces nothing: a guard or
 * a service manager sends TERM a moment after the terminal's INT, after stdin's end or the parent's
 * death. Nor does the same one within 100 ms: a terminal and a wrapper may both have passed it on.
 *
 * Every closer has a name and gets its outcome into the result; none is swallowed.
 */
export function createShutdown(options: CreateShutdownOptions = {}): Shutdown {
  const deadlineMs = boundedNumber('deadlineMs', options.deadlineMs, {
    fallback: 10_000,
    min: 1,
    max: maxWaitMs,
  });
  const drainMs = boundedNumber('drainMs', options.drainMs, {
    fallback: deadlineMs / 2,
    min: 0,
    max: deadlineMs,
  });
  const delayMs = boundedNumber('delayMs', options.delayMs, { fallback: 0, min: 0, max: maxWaitMs });
  const signals = options.signals ?? ['SIGINT', 'SIGTERM', 'SIGHUP'];

  let state: ShutdownState = 'running';
  let closers: NamedCloser[] = [];
  let running: Promise<ShutdownResult> | undefined;
  const begun = new AbortController();
  const forced = new AbortController();
  let forcedBy: NodeJS.Signals | undefined;
  const firstHeardAt = new Map<NodeJS.Signals, number>();

  const register = (name: string, closer: Closer | Omit<NamedCloser, 'name'>): (() => void) => {
    if (state !== 'running') {
      throw new ProcGuardError('CLOSED', `the shutdown has begun, so ${name} cannot be registered any more`);
    }
    if (typeof name !== 'string' || name === '') {
      throw new ProcGuardError('INVALID_OPTIONS', 'a closer needs a name', { option: 'name' });
    }
    const named: NamedCloser = typeof closer === 'function' ? { name, close: closer } : { ...closer, name };
    closers.push(named);
    return () => {
      closers = closers.filter((other) => other !== named);
    };
  };

  const runPhase = async (
    phase: ShutdownPhase,
    cause: ShutdownCause,
    limitMs: number,
  ): Promise<CloserOutcome[]> => {
    const due = closers.filter((closer) => (closer.phase ?? 'close') === phase).toReversed();
    const outcomes: CloserOutcome[] = [];
    const until = performance.now() + limitMs;
    for (const closer of due) {
      const outcome = await runCloser(closer, {
        cause,
        phase,
        limitMs: until - performance.now(),
        forced: forced.signal,
      });
      if (outcome.outcome !== 'closed') {
        const reason = outcome.error === undefined ? '' : `: ${toError(outcome.error).message}`;
        options.logger?.error(`shutdown: ${closer.name} ${outcome.outcome}${reason}`);
      }
      outcomes.push(outcome);
    }
    return outcomes;
  };

  const run = async (cause: ShutdownCause): Promise<ShutdownResult> => {
    const startedAt = performance.now();
    options.logger?.info(`shutdown: ${cause.kind}${cause.kind === 'signal' ? ` ${cause.signal}` : ''}`);
    begun.abort(cause);
    const outcomes: CloserOutcome[] = [];
    let until = startedAt + deadlineMs;
    for (const phase of phases) {
      state = phase;
      const leftMs = until - performance.now();
      outcomes.push(
        ...(await runPhase(phase, cause, phase === 'drain' ? Math.min(drainMs, leftMs) : leftMs)),
      );
      if (phase === 'not-ready' && delayMs > 0) {
        await delay(delayMs, forced.signal);
        until += delayMs;
      }
    }
    state = 'done';
    const failed = outcomes.some(({ outcome }) => outcome !== 'closed');
    const ending = forced.signal.aborted ? 'forced' : failed ? 'failed' : 'clean';
    const code = exitCode(cause, ending, forcedBy);
    const elapsedMs = performance.now() - startedAt;
    options.logger?.info(`shutdown: ${ending} after ${Math.round(elapsedMs)} ms`);
    options.exit?.(code);
    return { cause, ending, exitCode: code, elapsedMs, closers: outcomes };
  };

  const trigger = (cause: ShutdownCause = { kind: 'requested' }): Promise<ShutdownResult> => {
    if (running !== undefined) return running;
    // Set before anything runs: a listener of `signal` may call trigger again.
    const result = Promise.withResolvers<ShutdownResult>();
    running = result.promise;
    runInShutdown(() => run(cause)).then(result.resolve, result.reject);
    return running;
  };

  for (const { name, ...closer } of options.closers ?? []) register(name, closer);

  return {
    get state() {
      return state;
    },
    signal: begun.signal,
    register,
    trigger,
    listen: () =>
      listenForSignals(signals, (signal) => {
        const heardAt = firstHeardAt.get(signal);
        if (heardAt === undefined) firstHeardAt.set(signal, performance.now());
        if (running === undefined) {
          void trigger({ kind: 'signal', signal });
        } else if (heardAt !== undefined && performance.now() - heardAt >= repeatAfterMs) {
          forcedBy ??= signal;
          forced.abort();
        }
      }),
  };
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
