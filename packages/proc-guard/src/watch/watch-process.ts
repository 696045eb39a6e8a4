import type { ProcessIdentity } from '../identity/process-identity.ts';
import { isAlive } from '../identity/is-alive.ts';
import { nativeWatcher } from './native-watcher.ts';

/** `unknown`: it can no longer be watched, so that only a lease can tell. */
export interface ProcessEnd {
  readonly identity: ProcessIdentity;
  readonly state: 'dead' | 'unknown';
}

export interface WatchProcessOptions {
  /** Ends the watch without a call of the listener. */
  readonly signal?: AbortSignal;
}

export interface WatchDescription {
  /** `native`: the kernel tells. `gap`: nothing does; see `reason`. `settled`: the listener was called. */
  readonly layer: 'native' | 'gap' | 'settled' | 'closed';
  readonly reason?: string;
}

export interface ProcessWatch {
  /** Ends the watch; the listener is not called any more. */
  close(): void;
  describe(): WatchDescription;
  [Symbol.dispose](): void;
}

/**
 * Calls the listener once, as soon as the process has ended, however it ended. Nothing polls:
 * one native watcher serves the whole process (one for each Worker that watches), and keeps
 * nothing alive. Where it is missing, `describe()` reports the gap and the listener is called
 * only when the process is found dead at the start.
 */
export function watchProcess(
  identity: ProcessIdentity,
  listener: (end: ProcessEnd) => void,
  options: WatchProcessOptions = {},
): ProcessWatch {
  let state: WatchDescription = { layer: 'gap', reason: 'the watch has not started' };
  let stop: (() => void) | undefined;

  const settle = (end: ProcessEnd['state']): void => {
    if (state.layer === 'closed' || state.layer === 'settled') return;
    state = { layer: 'settled' };
    finish();
    listener({ identity, state: end });
  };
  const finish = (): void => {
    options.signal?.removeEventListener('abort', close);
    stop?.();
    stop = undefined;
  };
  const close = (): void => {
    if (state.layer === 'closed' || state.layer === 'settled') return;
    state = { layer: 'closed' };
    finish();
  };

  if (options.signal?.aborted === true) {
    state = { layer: 'closed' };
  } else {
    options.signal?.addEventListener('abort', close, { once: true });
    const liveness = isAlive(identity);
    if (liveness === 'alive') {
      const added = nativeWatcher().add(identity, settle);
      stop = added.remove;
      state = added.gap === undefined ? { layer: 'native' } : { layer: 'gap', reason: added.gap };
    } else {
      // Never inside the call that asked: the caller has no handle yet.
      queueMicrotask(() => settle(liveness));
    }
  }

  return {
    close,
    describe: () => state,
    [Symbol.dispose]: close,
  };
}
