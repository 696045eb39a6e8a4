/** Holds the ends per second after a suspend, so that waking up is no storm. */
export interface Pace {
  /** From now on no more than the cap, until the backlog is worked off. */
  begin(): void;
  /** Which backlog this is: it counts the suspends. */
  readonly backlog: number;
  /** There is no backlog any more, unless another has come since this one. */
  rest(backlog: number): void;
  /** How many of these may be ended now. They count from here on: two sweeps may be under way. */
  reserve(wanted: number, now: number): number;
  /** So many have been ended of those that were reserved. */
  settle(reserved: number, ended: number): void;
  /** When there is room again. */
  nextAt(): number;
}

const windowMs = 1_000;

export function createPace(maxPerSecond: number): Pace {
  let paced = false;
  let backlog = 0;
  let windowStart = Number.NEGATIVE_INFINITY;
  let taken = 0;
  const roll = (now: number): void => {
    // A clock that went back begins anew, too.
    if (now >= windowStart && now < windowStart + windowMs) return;
    windowStart = now;
    taken = 0;
  };
  return {
    begin() {
      paced = true;
      backlog += 1;
    },
    get backlog() {
      return backlog;
    },
    rest(done) {
      if (done === backlog) paced = false;
    },
    reserve(wanted, now) {
      roll(now);
      const granted = paced ? Math.min(wanted, Math.max(0, maxPerSecond - taken)) : wanted;
      taken += granted;
      return granted;
    },
    settle(reserved, ended) {
      taken = Math.max(0, taken - reserved + ended);
    },
    nextAt: () => windowStart + windowMs,
  };
}
