import type { EndReason } from '../session/end-reason.ts';

export interface StatisticsOptions {
  readonly project?: string | undefined;
  readonly agent?: string | undefined;
  /** The first moment that counts, in milliseconds since 1970. */
  readonly from: number;
  /** The first moment that no longer counts. */
  readonly to: number;
  /** The length of a step of the timeline, at least 1,000; at most 10,000 steps fit between `from` and `to`. */
  readonly bucketMs: number;
}

/** What happened in one step of the timeline. */
export interface TimelineBucket {
  /** When the step begins. */
  readonly at: number;
  readonly started: number;
  readonly ended: number;
  /** How many sessions were active when the step ended. */
  readonly active: number;
  /** Entries that happened (`occurredAt`, else `recordedAt`) in the step. */
  readonly entries: number;
}

/** The sessions that started in the time asked for and have this agent or project. */
export interface StatisticsGroup {
  /** Null for those without one. */
  readonly name: string | null;
  readonly sessions: number;
  readonly active: number;
  readonly entries: number;
  /** Of those that have ended; null when none has. */
  readonly averageDurationMs: number | null;
  readonly averageEntries: number;
}

export interface Statistics {
  readonly timeline: readonly TimelineBucket[];
  /** The largest first, at most 1,000. */
  readonly byAgent: readonly StatisticsGroup[];
  /** The largest first, at most 1,000. */
  readonly byProject: readonly StatisticsGroup[];
  /** The sessions that ended in the time asked for. */
  readonly byReason: Readonly<Record<EndReason, number>>;
  /** Over the sessions that started in the time asked for. */
  readonly averages: { readonly durationMs: number | null; readonly entries: number };
}

/** What a store has counted, by step of the timeline. */
export interface CountedSteps {
  /** How many sessions were active when the first step began. */
  readonly activeBefore: number;
  readonly started: ReadonlyMap<number, number>;
  readonly ended: ReadonlyMap<number, number>;
  readonly entries: ReadonlyMap<number, number>;
}

/** The steps without anything are there too. */
export function buildTimeline(
  { from, to, bucketMs }: StatisticsOptions,
  counted: CountedSteps,
): TimelineBucket[] {
  const timeline: TimelineBucket[] = [];
  let active = counted.activeBefore;
  for (let step = 0; from + step * bucketMs < to; step += 1) {
    const [started, ended] = [counted.started.get(step) ?? 0, counted.ended.get(step) ?? 0];
    active += started - ended;
    timeline.push({
      at: from + step * bucketMs,
      started,
      ended,
      active,
      entries: counted.entries.get(step) ?? 0,
    });
  }
  return timeline;
}
