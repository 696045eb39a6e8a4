import type { TimeSources } from '../clock/time-sources.ts';

/** A machine whose clocks do what real ones do. Timers run on the time that stands still in a suspend. */
export interface FakeMachineTime {
  /** The clocks as a process sees them. */
  sources(): TimeSources;
  /** Time passes, and timers fire. */
  advance(byMs: number): void;
  suspend(forMs: number): void;
  /** Somebody sets the clock on the wall. */
  setWall(byMs: number): void;
  /** The machine was off for so long; all that was set in it is gone. */
  reboot(offForMs: number): void;
  readonly wallMs: number;
  readonly timerCount: number;
}

/** What the kernel rounds the uptime to. */
const uptimeStepMs = 10;

export function fakeMachineTime(): FakeMachineTime {
  let wallMs = 1_700_000_000_000;
  let awakeMs = 4_321.5;
  let suspendedMs = 0;
  let boot = 1;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  const earliest = (until: number): number =>
    [...timers].reduce((first, { at }) => Math.min(first, at), until);
  const passTo = (at: number): void => {
    wallMs += at - awakeMs;
    awakeMs = at;
    for (const timer of timers) {
      if (timer.at <= awakeMs && timers.delete(timer)) timer.callback();
    }
  };

  return {
    sources: () => ({
      wallMs: () => wallMs,
      monotonicMs: () => awakeMs,
      uptimeMs: () => Math.floor((awakeMs + suspendedMs) / uptimeStepMs) * uptimeStepMs,
      domain: `boot ${boot}/time`,
      bootId: `boot ${boot}`,
      setTimeout(callback, delayMs) {
        // A timer is never early, and Node counts whole milliseconds.
        const timer = { at: awakeMs + Math.max(1, Math.ceil(delayMs)), callback };
        timers.add(timer);
        return { cancel: () => void timers.delete(timer) };
      },
    }),
    advance(byMs) {
      const until = awakeMs + byMs;
      while (earliest(until) < until) passTo(earliest(until));
      passTo(until);
    },
    suspend(forMs) {
      suspendedMs += forMs;
      wallMs += forMs;
    },
    setWall(byMs) {
      wallMs += byMs;
    },
    reboot(offForMs) {
      boot += 1;
      awakeMs = 1_234;
      suspendedMs = 0;
      wallMs += offForMs;
      timers.clear();
    },
    get wallMs() {
      return wallMs;
    },
    get timerCount() {
      return timers.size;
    },
  };
}
