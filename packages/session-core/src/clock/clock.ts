/** The only source of time, so that tests can own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after the delay; never keeps the process alive. */
  setTimer(callback: () => void, delayMs: number): ClockTimer;
}

export interface ClockTimer {
  cancel(): void;
}

/** Node takes no longer delay; whoever set the timer looks again when it fires. */
const maxDelayMs = 2_147_483_647;

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), maxDelayMs));
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
