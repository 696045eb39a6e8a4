import type { GuardedExit, GuardedProcess } from '../spawn/guarded-process.ts';
import type { BackoffOptions } from '../retry/retry-options.ts';

export type SupervisorEvent =
  | { readonly type: 'child:started'; readonly pid: number | undefined; readonly restarts: number }
  | { readonly type: 'child:exited'; readonly exit: ChildEnd; readonly ranForMs: number }
  | { readonly type: 'restart:scheduled'; readonly delayMs: number; readonly restarts: number }
  | { readonly type: 'supervisor:gave-up'; readonly restarts: number; readonly lastExit: ChildEnd }
  | { readonly type: 'supervisor:finished'; readonly lastExit: ChildEnd }
  | { readonly type: 'supervisor:stopped' };

/** How a child ended, or why it could not even be started. */
export type ChildEnd = GuardedExit | { readonly error: unknown };

export interface SupervisorOptions {
  /** Starts the child: `() => spawnGuarded('node', ['worker.js'])`. */
  readonly start: () => GuardedProcess;
  /**
   * How many restarts within `windowMs` are tolerated; at one more it gives up.
   *
   * @defaultValue 5
   */
  readonly maxRestarts?: number;
  /** @defaultValue 60_000 */
  readonly windowMs?: number;
  /**
   * A child that has run for this long was healthy: the back-off starts again from its first delay.
   *
   * @defaultValue 10_000
   */
  readonly healthyMs?: number;
  /**
   * `failure`: an exit with 0 is the end of the work. `always`: every exit is followed by a restart.
   *
   * @defaultValue 'failure'
   */
  readonly restartOn?: 'failure' | 'always';
  /** @defaultValue full jitter from 200 ms to 10 s */
  readonly backoff?: BackoffOptions;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

export type SupervisorState =
  | 'idle'
  | 'running'
  | 'backing-off'
  | 'stopping'
  | 'stopped'
  | 'finished'
  | 'gave-up';

export interface Supervisor {
  readonly state: SupervisorState;
  /** Every restart since `start()`, also the fast ones. */
  readonly restarts: number;
  /** The child of this moment. */
  readonly child: GuardedProcess | undefined;
  /** Settles at the end: `stopped`, `finished` or `gave-up`. */
  readonly ended: Promise<SupervisorState>;
  /** Starts the first child. Once only. */
  start(): void;
  /** Ends the child and everything else. The same promise for every call. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
