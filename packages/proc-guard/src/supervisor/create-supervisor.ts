import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { boundedNumber } from '../options/bounded-number.ts';
import { backoffDelay } from '../retry/backoff.ts';
import { backoffPolicy } from '../retry/retry-policy.ts';
import type { GuardedProcess } from '../spawn/guarded-process.ts';
import type {
  ChildEnd,
  Supervisor,
  SupervisorEvent,
  SupervisorOptions,
  SupervisorState,
} from './supervisor.ts';

/**
 * Keeps a guarded child running, with a bounded intensity: every restart is counted, and one too
 * many within the window ends it for good.
 *
 * | State       | Event                                     | Next                                |
 * |-------------|-------------------------------------------|-------------------------------------|
 * | idle        | start()                                   | running                             |
 * | running     | exit with 0, unless `always`              | finished                            |
 * | running     | exit, fewer than maxRestarts in windowMs  | backing-off                         |
 * | running     | exit, one restart too many                | gave-up                             |
 * | backing-off | the delay is over                         | running                             |
 * | any of them | stop()                                    | stopping, then stopped              |
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const maxRestarts = boundedNumber('maxRestarts', options.maxRestarts, {
    fallback: 5,
    min: 0,
    max: 1_000,
    integer: true,
  });
  const windowMs = boundedNumber('windowMs', options.windowMs, { fallback: 60_000, min: 1, max: 86_400_000 });
  const healthyMs = boundedNumber('healthyMs', options.healthyMs, {
    fallback: 10_000,
    min: 1,
    max: 86_400_000,
  });
  const policy = backoffPolicy({ initialDelayMs: 200, maxDelayMs: 10_000, ...options.backoff });
  const restartAlways = options.restartOn === 'always';

  let state: SupervisorState = 'idle';
  let child: GuardedProcess | undefined;
  let restarts = 0;
  let failuresInARow = 0;
  let lastDelayMs = 0;
  let recentRestarts: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  const ended = Promise.withResolvers<SupervisorState>();

  const tell = (event: SupervisorEvent): void => options.onEvent?.(event);

  const finish = (end: 'stopped' | 'finished' | 'gave-up', event: SupervisorEvent): void => {
    state = end;
    child = undefined;
    tell(event);
    ended.resolve(end);
  };

  const startChild = (): void => {
    state = 'running';
    const startedAt = performance.now();
    let started: GuardedProcess;
    try {
      started = options.start();
    } catch (error) {
      // A refusal by a governor, or bad luck: it counts as a run that ended at once.
      childEnded({ error }, 0);
      return;
    }
    child = started;
    tell({ type: 'child:started', pid: started.pid, restarts });
    started.exited.then(
      (exit) => childEnded(exit, performance.now() - startedAt),
      (error: unknown) => childEnded({ error }, performance.now() - startedAt),
    );
  };

  const childEnded = (exit: ChildEnd, ranForMs: number): void => {
    child = undefined;
    tell({ type: 'child:exited', exit, ranForMs });
    if (state !== 'running') return;
    if (!restartAlways && 'code' in exit && exit.code === 0) {
      finish('finished', { type: 'supervisor:finished', lastExit: exit });
      return;
    }
    if (ranForMs >= healthyMs) {
      failuresInARow = 0;
      lastDelayMs = 0;
    }
    const now = performance.now();
    recentRestarts = recentRestarts.filter((at) => now - at < windowMs);
    if (recentRestarts.length >= maxRestarts) {
      finish('gave-up', { type: 'supervisor:gave-up', restarts, lastExit: exit });
      return;
    }
    recentRestarts.push(now);
    restarts += 1;
    failuresInARow += 1;
    lastDelayMs = backoffDelay(policy, failuresInARow, lastDelayMs);
    state = 'backing-off';
    timer = setTimeout(startChild, lastDelayMs);
    tell({ type: 'restart:scheduled', delayMs: lastDelayMs, restarts });
  };

  const stop = (): Promise<void> => {
    if (state === 'finished' || state === 'gave-up') return Promise.resolve();
    stopping ??= (async () => {
      state = 'stopping';
      clearTimeout(timer);
      // How it ends, and that it could not be started, was told by `child:exited`.
      await child?.stop().catch(() => undefined);
      finish('stopped', { type: 'supervisor:stopped' });
    })();
    return stopping;
  };

  return {
    get state() {
      return state;
    },
    get restarts() {
      return restarts;
    },
    get child() {
      return child;
    },
    ended: ended.promise,
    start: () => {
      if (state !== 'idle') throw new ProcGuardError('CLOSED', `the supervisor cannot start: it is ${state}`);
      startChild();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
