import type { ParentExit } from '../parent-exit/on-parent-exit.ts';

/** Why a program ends. */
export type ShutdownCause =
  | { readonly kind: 'requested'; readonly detail?: string }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'parent-exit'; readonly exit?: ParentExit }
  | { readonly kind: 'stdin-end' }
  | { readonly kind: 'error'; readonly error: unknown };

/** In which phase a closer runs; the phases run in this order, the closers of one in reverse order of registration. */
export type ShutdownPhase = 'not-ready' | 'stop-intake' | 'drain' | 'close';

export interface CloserContext {
  readonly cause: ShutdownCause;
  readonly phase: ShutdownPhase;
  /** Aborts when the phase has no time left; a closer that ignores it is left behind. */
  readonly signal: AbortSignal;
}

export type Closer = (context: CloserContext) => unknown;

export interface NamedCloser {
  readonly name: string;
  readonly close: Closer;
  /** @defaultValue 'close' */
  readonly phase?: ShutdownPhase;
}

export interface CloserOutcome {
  readonly name: string;
  readonly phase: ShutdownPhase;
  /** `not-started`: the deadline came first, or the shutdown was forced. */
  readonly outcome: 'closed' | 'failed' | 'timed-out' | 'not-started';
  readonly elapsedMs: number;
  readonly error?: unknown;
}

export interface ShutdownResult {
  readonly cause: ShutdownCause;
  /** `clean`: every closer closed. `failed`: one failed or was too late. `forced`: the same signal came again. */
  readonly ending: 'clean' | 'failed' | 'forced';
  readonly exitCode: number;
  readonly elapsedMs: number;
  readonly closers: readonly CloserOutcome[];
}

export interface ShutdownLogger {
  info(message: string): void;
  error(message: string): void;
}

export type ShutdownState = 'running' | ShutdownPhase | 'done';

export interface Shutdown {
  /** `running` until the first trigger; a readiness check answers by it. */
  readonly state: ShutdownState;
  /** Aborts at the first trigger. */
  readonly signal: AbortSignal;
  /**
   * Adds a closer and returns its removal. A function alone runs in the phase `close`.
   *
   * @throws ProcGuardError `CLOSED` once the shutdown has begun.
   */
  register(name: string, closer: Closer | Omit<NamedCloser, 'name'>): () => void;
  /** Begins the shutdown, once: later calls return the same result. Never rejects. */
  trigger(cause?: ShutdownCause): Promise<ShutdownResult>;
  /** Listens for the signals; the same one again, 100 ms later or more, forces the end. */
  listen(): { close(): void; [Symbol.dispose](): void };
}
