import type { EndReason } from '../session/end-reason.ts';
import {
  buildTimeline,
  type Statistics,
  type StatisticsGroup,
  type StatisticsOptions,
} from '../statistics/statistics.ts';
import { emptyCounts } from '../store/empty-counts.ts';
import type { Prepare } from './prepare.ts';
import { entryTimeSql } from './search-entries.ts';
import { deadlineSql, number, text, type Row } from './session-columns.ts';

const maxGroups = 1_000;

/** When a session ended, also where nobody has stored that yet; null while it is active. */
const shownEndSql = 'min(last_active_at + idle_ttl_ms, started_at + max_lifetime_ms)';
const endSql = `coalesce(ended_at, iif(${deadlineSql} <= :now, ${shownEndSql}, NULL))`;
const reasonSql = `coalesce(end_reason,
  iif(started_at + max_lifetime_ms <= last_active_at + idle_ttl_ms, 'max_lifetime', 'idle_timeout'))`;

/** Numbers are bound as floating point, so that the division is not one of integers. */
const stepSql = (at: string): string => `CAST((${at} - :from) / :bucketMs AS INTEGER)`;

/** The second part finds what is overdue; both are few beside all sessions. */
const endsSql = (filter: string): string => `
  SELECT ended_at AS at, end_reason AS reason FROM sessions
  WHERE ended_at >= :from AND ended_at < :to ${filter}
  UNION ALL
  SELECT ${shownEndSql}, ${reasonSql} FROM sessions
  WHERE ended_at IS NULL AND check_at <= :now AND ${deadlineSql} <= :now
    AND ${shownEndSql} >= :from AND ${shownEndSql} < :to ${filter}`;

export function readStatistics(prepare: Prepare, options: StatisticsOptions, now: number): Statistics {
  const { from, to, bucketMs, project, agent } = options;
  const given = Object.entries({ project, agent }).filter(([, value]) => value !== undefined);
  const filter = given.map(([name]) => `AND ${name} = :${name}`).join(' ');
  const values = Object.fromEntries(given) as Record<string, string>;
  const range = { from, to, ...values };

  const started = countSteps(
    prepare(
      `SELECT ${stepSql('started_at')} AS step, count(*) AS count FROM sessions
       WHERE started_at >= :from AND started_at < :to ${filter} GROUP BY step`,
    ).all({ ...range, bucketMs }),
  );
  const ended = countSteps(
    prepare(`SELECT ${stepSql('at')} AS step, count(*) AS count FROM (${endsSql(filter)}) GROUP BY step`).all(
      { ...range, bucketMs, now },
    ),
  );
  const ofSessions =
    filter === ''
      ? ''
      : `AND session_key IN (SELECT session_key FROM sessions WHERE ${filter.slice('AND '.length)})`;
  const entries = countSteps(
    prepare(
      `SELECT ${stepSql(entryTimeSql)} AS step, count(*) AS count FROM entries
       WHERE ${entryTimeSql} >= :from AND ${entryTimeSql} < :to ${ofSessions} GROUP BY step`,
    ).all({ ...range, bucketMs }),
  );
  const activeBefore = prepare(
    `SELECT count(*) AS count FROM sessions
     WHERE started_at < :from AND (ended_at >= :from OR (ended_at IS NULL AND (${deadlineSql} > :now OR ${shownEndSql} >= :from)))
       ${filter}`,
  ).get({ from, now, ...values });

  const byReason = emptyCounts().byReason;
  const reasons = prepare(`SELECT reason, count(*) AS count FROM (${endsSql(filter)}) GROUP BY reason`).all({
    ...range,
    now,
  });
  for (const row of reasons) byReason[text(row, 'reason') as EndReason] = number(row, 'count');

  const groups = (name: string): StatisticsGroup[] =>
    prepare(groupsSql(name, filter))
      .all({ ...range, now })
      .map(toGroup);
  const [all] = groups('NULL');
  return {
    timeline: buildTimeline(options, {
      activeBefore: number(activeBefore ?? {}, 'count'),
      started,
      ended,
      entries,
    }),
    byAgent: groups('agent'),
    byProject: groups('project'),
    byReason,
    averages: { durationMs: all?.averageDurationMs ?? null, entries: all?.averageEntries ?? 0 },
  };
}

function groupsSql(name: string, filter: string): string {
  return `
    SELECT name, count(*) AS sessions, sum(ended IS NULL) AS active, sum(entry_count) AS entries,
           avg(ended - started_at) AS duration, avg(entry_count) AS average
    FROM (
      SELECT ${name} AS name, started_at, entry_count, ${endSql} AS ended FROM sessions
      WHERE started_at >= :from AND started_at < :to ${filter}
    )
    GROUP BY name ORDER BY sessions DESC, name LIMIT ${maxGroups}`;
}

function toGroup(row: Row): StatisticsGroup {
  return {
    name: text(row, 'name'),
    sessions: number(row, 'sessions'),
    active: number(row, 'active'),
    entries: number(row, 'entries'),
    averageDurationMs: row['duration'] === null ? null : number(row, 'duration'),
    averageEntries: number(row, 'average'),
  };
}

function countSteps(rows: readonly Row[]): Map<number, number> {
  return new Map(rows.map((row) => [number(row, 'step'), number(row, 'count')]));
}
