import type { Clock } from '../clock/clock.ts';

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves on, and fires the timers that are due on the way, the earliest first. */
  advance(byMs: number): void;
  /** Jumps without firing anything, in either direction, as a corrected wall clock does. */
  jump(byMs: number): void;
  /** How many timers are set. */
  readonly timerCount: number;
}

interface FakeTimer {
  readonly at: number;
  readonly callback: () => void;
}

export function fakeClock(startAt: number = 1_700_000_000_000): FakeClock {
  let now = startAt;
  const timers = new Set<FakeTimer>();

  const earliest = (until: number): FakeTimer | undefined => {
    let first: FakeTimer | undefined;
    for (const timer of timers) {
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  };

  return {
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { at: now + Math.max(0, delayMs), callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance(byMs) {
      const until = now + byMs;
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
      }
      now = until;
    },
    jump(byMs) {
      now += byMs;
    },
    get timerCount() {
      return timers.size;
    },
  };
}
