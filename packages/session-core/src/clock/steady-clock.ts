import type { AgreeOnClock, Clock, ClockTimer } from './clock.ts';
import { systemTimeSources, type TimeSources } from './time-sources.ts';

/*
 * Time is `anchor + uptime`. The uptime counts suspend and nobody can set it, but reading it costs a
 * system call and it is rounded: between two readings the monotonic clock tells what has passed. The
 * anchor is agreed on in the store, once per boot, so that all processes read the same time.
 *
 *   what happens             wall clock   monotonic   uptime   this clock
 *   -----------------------  -----------  ----------  -------  ----------
 *   time passes              goes on      goes on     goes on  goes on
 *   somebody sets the clock  jumps        goes on     goes on  goes on
 *   suspend                  goes on      stands      goes on  goes on
 */

/** How long the monotonic clock is taken at its word. */
const readAgainAfterMs = 100;
/** A difference that is no rounding. */
const gapMs = 1_000;
/** No timer sees a suspend: a longer wait is broken up, so that it is late by no more than this. */
const longestSleepMs = 30_000;
/** A difference to the wall clock that people do not care about. */
const wallToleranceMs = 1_000;

/** The system's clock: steady once it is joined to a store, the wall clock before. */
export function systemClock(): Clock {
  return steadyClock(systemTimeSources());
}

export function steadyClock(sources: TimeSources): Clock {
  const { uptimeMs } = sources;
  const wall: Clock = {
    now: () => Math.floor(sources.wallMs()),
    setTimer: (callback, delayMs) => sources.setTimeout(callback, delayMs),
  };
  if (uptimeMs === undefined) return wall;
  return {
    ...wall,
    async join(agree) {
      const reader = createUptimeReader(sources, uptimeMs);
      const anchorMs = await anchorOf(sources, reader, agree);
      const now = (): number => Math.floor(anchorMs + reader.read());
      return {
        now,
        aheadOfWallMs() {
          const aheadMs = now() - Math.floor(sources.wallMs());
          return Math.abs(aheadMs) < wallToleranceMs ? 0 : aheadMs;
        },
        setTimer: (callback, delayMs) => setSteadyTimer(sources, now, callback, delayMs),
        onGap: (listener) => reader.onGap(listener),
      };
    },
  };
}

function anchorOf(sources: TimeSources, reader: UptimeReader, agree: AgreeOnClock): Promise<number> {
  const { domain, bootId } = sources;
  return agree({ domain, bootId, uptimeMs: reader.read(), wallMs: sources.wallMs() });
}

interface UptimeReader {
  read(): number;
  onGap(listener: (gapMs: number) => void): () => void;
}

function createUptimeReader(sources: TimeSources, uptimeMs: () => number): UptimeReader {
  const listeners = new Set<(gapMs: number) => void>();
  /** Uptime less monotonic time. It only grows: by rounding that turns out better, and by suspend. */
  let lead = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;

  const readAgain = (): void => {
    const uptime = uptimeMs();
    // Read after the other, so that a pause between the two makes the lead too small, never too large.
    readAt = sources.monotonicMs();
    const found = uptime - readAt;
    const gap = found - lead;
    if (gap <= 0) return;
    lead = found;
    if (gap < gapMs || gap === Number.POSITIVE_INFINITY) return;
    for (const listener of listeners) listener(gap);
  };

  return {
    read() {
      const at = sources.monotonicMs();
      if (at - readAt < readAgainAfterMs) return at + lead;
      readAgain();
      return sources.monotonicMs() + lead;
    },
    onGap(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function setSteadyTimer(
  sources: TimeSources,
  now: () => number,
  callback: () => void,
  delayMs: number,
): ClockTimer {
  const at = now() + Math.max(0, delayMs);
  let timer: ClockTimer;
  const sleep = (): void => {
    // Rounded up: a timer that is early by less than a millisecond would be set again at once.
    const leftMs = Math.ceil(at - now());
    timer = sources.setTimeout(() => (now() >= at ? callback() : sleep()), Math.min(leftMs, longestSleepMs));
  };
  sleep();
  return { cancel: () => timer.cancel() };
}
