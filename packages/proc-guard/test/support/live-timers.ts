import { createHook } from 'node:async_hooks';

interface LiveTimer {
  readonly startedIn: number;
  /** Formatted only when it is asked for. */
  readonly origin: Error;
}

/**
 * Follows timers and immediates from their start to their end, referenced or not. A count of what is active cannot do
 * that: the test runner's own come and go and hide ours. Nothing is recorded before `begin`.
 */
export interface LiveTimers {
  begin(): void;
  /** Where those that were started since `begin`, by code of this package, and are still there come from. */
  origins(): readonly string[];
}

export function followTimers(): LiveTimers {
  const timers = new Map<number, LiveTimer>();
  let round = 0;
  createHook({
    init: (id, type) => {
      if (round > 0 && (type === 'Timeout' || type === 'Immediate')) {
        timers.set(id, { startedIn: round, origin: new Error(type) });
      }
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  return {
    begin: () => void (round += 1),
    origins: () =>
      [...timers.values()]
        .filter(({ startedIn }) => startedIn === round)
        .flatMap(({ origin }) => {
          const caller = callerIn(origin);
          return caller === undefined ? [] : [`${origin.message} ${caller}`];
        }),
  };
}

/** The first line of the stack that is neither this file's nor Node's own; undefined where it is a dependency's or the check's. */
function callerIn({ stack = '' }: Error): string | undefined {
  const caller = stack
    .split('\n')
    .slice(1)
    .find((line) => !line.includes('node:') && !line.includes('live-timers.ts'));
  return caller === undefined || /\/node_modules\/|fail-on-leaks\.ts/.test(caller)
    ? undefined
    : caller.trim();
}
