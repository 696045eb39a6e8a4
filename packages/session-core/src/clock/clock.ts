/** The only source of time, so that tests can own it. */
export interface Clock {
  /**
   * Milliseconds since 1970, for deadlines. Processes on one store must agree on it, it must count
   * suspend, and nobody may set it.
   */
  now(): number;
  /**
   * How far `now` is ahead of the clock on the wall, which is what people want to see.
   *
   * @defaultValue 0
   */
  aheadOfWallMs?(): number;
  /** Calls back once after the delay; never keeps the process alive. */
  setTimer(callback: () => void, delayMs: number): ClockTimer;
  /** The clock to use together with the other processes on a store. Called when the store is open. */
  join?(agree: AgreeOnClock): Promise<Clock>;
  /**
   * Tells when time has passed that no timer counted, as after a suspend; returns how to stop. The
   * listener is called before whoever looked at the clock hears the time, in the middle of anything.
   */
  onGap?(listener: (gapMs: number) => void): () => void;
}

export interface ClockTimer {
  cancel(): void;
}

/** What a process can tell about its clock. */
export interface ClockProposal {
  /** Processes in the same domain read the same uptime. */
  readonly domain: string;
  /** The boot that the domain belongs to: those of other boots never come back. */
  readonly bootId: string;
  readonly uptimeMs: number;
  readonly wallMs: number;
}

/** Gives the anchor of the domain: its uptime plus the anchor is the time. The first proposal decides. */
export type AgreeOnClock = (proposal: ClockProposal) => Promise<number>;
