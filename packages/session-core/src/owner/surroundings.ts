import { isAlive, isExiting, watchProcess, type Liveness, type ProcessIdentity } from '@endwell/proc-guard';

import type { ClockTimer } from '../clock/clock.ts';
import { createSessionId } from '../session/session-id.ts';
import { selfIdentity } from './self-identity.ts';

/** How a watched process ended, as far as it can be told. */
interface WatchedEnd {
  readonly state: 'dead' | 'unknown';
}

/** A watch on one process. */
export interface OwnerWatch {
  close(): void;
  describe(): { readonly layer: string; readonly reason?: string | undefined };
}

/**
 * What a manager learns from the machine, and what it draws by chance. The simulator puts its own
 * in place, so that a seed repeats a run; everything else in a manager is the same there.
 */
export interface Surroundings {
  /** This process; undefined where it cannot be identified. */
  readonly self: () => ProcessIdentity | undefined;
  readonly isAlive: (owner: ProcessIdentity) => Liveness;
  /** Dead, or dying: it has let go of its pipes, or will in a moment. */
  readonly isExiting: (owner: ProcessIdentity) => boolean;
  readonly watchProcess: (owner: ProcessIdentity, listener: (end: WatchedEnd) => void) => OwnerWatch;
  readonly createSessionId: (now: number) => string;
  /** Calls back after the delay; unlike the clock's timers it keeps the process alive until then. */
  readonly setShortTimer: (callback: () => void, delayMs: number) => ClockTimer;
}

export const systemSurroundings: Surroundings = {
  self: selfIdentity,
  isAlive: (owner) => isAlive(owner),
  isExiting: (owner) => isExiting(owner),
  watchProcess: (owner, listener) => watchProcess(owner, listener),
  createSessionId,
  setShortTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
