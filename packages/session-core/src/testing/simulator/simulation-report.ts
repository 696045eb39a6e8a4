/** What a simulation did, and what it found. */
export interface SimulationReport {
  readonly seed: number;
  readonly steps: number;
  /** Each begins with an empty store and a seed of its own. */
  readonly episodes: number;
  readonly sessions: number;
  /** How often each reason was stored. */
  readonly ends: Readonly<Record<string, number>>;
  /** How often each operation was begun. */
  readonly operations: Readonly<Record<string, number>>;
  /** How often each disturbance was done. */
  readonly disturbances: Readonly<Record<string, number>>;
  readonly violations: readonly {
    /** `simulate` with this seed and these steps shows it again, in its first episode. */
    readonly seed: number;
    readonly steps: number;
    readonly problem: string;
    /** What happened last, the newest at the end. */
    readonly trace: readonly string[];
    /** With its stack. */
    readonly error: unknown;
  }[];
  /** The same for two runs that did the same. */
  readonly digest: string;
}
