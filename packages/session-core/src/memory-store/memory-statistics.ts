import { presentSession } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import {
  buildTimeline,
  type Statistics,
  type StatisticsGroup,
  type StatisticsOptions,
} from '../statistics/statistics.ts';
import { emptyCounts } from '../store/empty-counts.ts';
import type { MemoryTables } from './memory-rows.ts';

const maxGroups = 1_000;

export function memoryStatistics(tables: MemoryTables, options: StatisticsOptions, now: number): Statistics {
  const { from, to, bucketMs, project, agent } = options;
  const within = (at: number): boolean => at >= from && at < to;
  const sessions = [...tables.sessions.values()]
    .map((session) => presentSession(session, now))
    .filter(
      (session) =>
        (project === undefined || session.project === project) &&
        (agent === undefined || session.agent === agent),
    );
  const step = (times: readonly number[]): Map<number, number> => {
    const counted = new Map<number, number>();
    for (const at of times.filter(within)) {
      const index = Math.floor((at - from) / bucketMs);
      counted.set(index, (counted.get(index) ?? 0) + 1);
    }
    return counted;
  };
  const entryTimes = sessions.flatMap(({ id }) =>
    (tables.journals.get(id) ?? []).map(({ prepared, recordedAt }) => prepared.occurredAt ?? recordedAt),
  );
  const ended = sessions.flatMap(({ endedAt }) => endedAt ?? []);
  const { byReason } = emptyCounts();
  for (const { endedAt, endReason } of sessions) {
    if (endReason !== null && within(endedAt ?? 0)) byReason[endReason] += 1;
  }
  const counted = sessions.filter((session) => within(session.startedAt));
  const [all] = groupBy(counted, () => null);
  return {
    timeline: buildTimeline(options, {
      activeBefore: sessions.filter(
        ({ startedAt, endedAt }) => startedAt < from && (endedAt === null || endedAt >= from),
      ).length,
      started: step(sessions.map(({ startedAt }) => startedAt)),
      ended: step(ended),
      entries: step(entryTimes),
    }),
    byAgent: groupBy(counted, (session) => session.agent),
    byProject: groupBy(counted, (session) => session.project),
    byReason,
    averages: { durationMs: all?.averageDurationMs ?? null, entries: all?.averageEntries ?? 0 },
  };
}

function groupBy(
  sessions: readonly Session[],
  nameOf: (session: Session) => string | null,
): StatisticsGroup[] {
  const groups = [...Map.groupBy(sessions, nameOf)].map(([name, members]) => {
    const durations = members.flatMap(({ startedAt, endedAt }) =>
      endedAt === null ? [] : endedAt - startedAt,
    );
    const entries = sum(members.map((session) => session.entryCount));
    return {
      name,
      sessions: members.length,
      active: members.length - durations.length,
      entries,
      averageDurationMs: durations.length === 0 ? null : sum(durations) / durations.length,
      averageEntries: entries / members.length,
    };
  });
  return groups
    .toSorted((left, right) => right.sessions - left.sessions || compare(left.name, right.name))
    .slice(0, maxGroups);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** As SQLite sorts: null first. */
function compare(left: string | null, right: string | null): number {
  return left === right ? 0 : left === null || (right !== null && left < right) ? -1 : 1;
}
