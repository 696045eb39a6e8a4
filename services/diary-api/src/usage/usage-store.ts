import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { TokenCounts } from './price-table.ts';

export type UsageGrouping = 'day' | 'session' | 'project' | 'model';

export interface UsageQuery {
  readonly by: UsageGrouping;
  readonly project?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Milliseconds since 1970; the end is not part of it. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** One group and one model of it. */
export interface UsageRow extends TokenCounts {
  /** A day in UTC, a session's id, a project or a model; null for what has none. */
  readonly key: string | null;
  readonly model: string | null;
  readonly messages: number;
}

export interface UsageStore {
  /** Takes in what has been recorded since; true when all of it. */
  catchUp(budgetMs: number): Promise<boolean>;
  /** Takes out what a forgotten entry brought. */
  forget(sessionId: string, sequence: number): Promise<void>;
  /** A message that several sessions carry, as after a fork, counts once, in the oldest of them. */
  totals(query: UsageQuery): Promise<UsageRow[]>;
}

/** How many journal entries one transaction looks at. */
const STEP_ENTRIES = 1_000;
/** What no message has; more would make the sums overflow. */
const MAX_TOKENS = 1_000_000_000;

const keyColumns: Readonly<Record<UsageGrouping, string>> = {
  day: `date(u.at / 1000, 'unixepoch')`,
  session: 'u.session_id',
  project: 's.project',
  model: 'u.model',
};

const tokens = (path: string): string =>
  `min(max(CAST(coalesce(json_extract(e.data, '$.usage.${path}'), 0) AS INTEGER), 0), ${MAX_TOKENS})`;

/**
 * The token use that entries carry as `data.usage`, kept apart so that sums need not read the
 * journals again. The last line of a message has its final figures.
 */
export function createUsageStore(database: ComponentDatabase): UsageStore {
  /** The newest event when all was taken in: as long as it is the newest there is nothing to do. */
  let seen: unknown;

  return {
    async catchUp(budgetMs) {
      const until = performance.now() + budgetMs;
      const newest = await database.read(
        (db) => db.prepare('SELECT max(cursor) AS cursor FROM session_events').get()?.['cursor'],
      );
      if (seen !== undefined && newest === seen) return true;
      const behind = await database.read((db) =>
        db
          .prepare(
            `SELECT s.id FROM sessions s LEFT JOIN diary_usage_positions p ON p.session_id = s.id
             WHERE s.entry_count > coalesce(p.sequence, 0) ORDER BY s.id`,
          )
          .all()
          .map((row) => String(row['id'])),
      );
      for (const id of behind) {
        while (await database.write((db) => takeIn(db, id))) if (performance.now() > until) return false;
        if (performance.now() > until && id !== behind.at(-1)) return false;
      }
      seen = newest;
      return true;
    },

    async forget(sessionId, sequence) {
      await database.write((db) =>
        db.prepare('DELETE FROM diary_usage WHERE session_id = ? AND sequence = ?').run(sessionId, sequence),
      );
    },

    totals: ({ by, project, sessionId, from, to }) =>
      database.read((db) =>
        db
          .prepare(
            `SELECT ${keyColumns[by]} AS key, u.model, count(*) AS messages, sum(u.input) AS input,
               sum(u.output) AS output, sum(u.cache_read) AS cacheRead, sum(u.cache_write) AS cacheWrite
             FROM diary_usage u JOIN sessions s ON s.id = u.session_id
             WHERE (:project IS NULL OR s.project = :project)
               AND (:sessionId IS NULL OR u.session_id = :sessionId)
               AND (:from IS NULL OR u.at >= :from) AND (:to IS NULL OR u.at < :to)
               AND (:sessionId IS NOT NULL OR NOT EXISTS (SELECT 1 FROM diary_usage o
                 WHERE o.message_id = u.message_id AND o.session_id < u.session_id))
             GROUP BY 1, 2 ORDER BY 1 DESC, 2`,
          )
          .all({
            project: project ?? null,
            sessionId: sessionId ?? null,
            from: from ?? null,
            to: to ?? null,
          })
          .map((row) => ({
            key: textOf(row['key']),
            model: textOf(row['model']),
            messages: Number(row['messages']),
            input: Number(row['input']),
            output: Number(row['output']),
            cacheRead: Number(row['cacheRead']),
            cacheWrite: Number(row['cacheWrite']),
          })),
      ),
  };
}

/** The next entries of one session; true when there are more. */
function takeIn(db: DatabaseSync, id: string): boolean {
  const session = db
    .prepare(
      `SELECT s.session_key AS key, s.entry_count AS count, coalesce(p.sequence, 0) AS done
       FROM sessions s LEFT JOIN diary_usage_positions p ON p.session_id = s.id WHERE s.id = ?`,
    )
    .get(id);
  // Purged since it was found.
  if (session === undefined) return false;
  const after = Number(session['done']);
  const upTo = Math.min(Number(session['count']), after + STEP_ENTRIES);
  db.prepare(
    `INSERT INTO diary_usage (session_id, message_id, sequence, at, model, input, output, cache_read, cache_write)
     SELECT :id, coalesce(substr(CAST(json_extract(e.data, '$.messageId') AS TEXT), 1, 200), :id || ':' || e.sequence),
       e.sequence, coalesce(e.occurred_at, e.recorded_at),
       substr(CAST(json_extract(e.data, '$.model') AS TEXT), 1, 200),
       ${tokens('input_tokens')}, ${tokens('output_tokens')},
       ${tokens('cache_read_input_tokens')}, ${tokens('cache_creation_input_tokens')}
     FROM entries e
     WHERE e.session_key = :key AND e.sequence > :after AND e.sequence <= :upTo
       AND e.data LIKE '%"usage":%' AND json_type(e.data, '$.usage') = 'object'
     ORDER BY e.sequence
     ON CONFLICT (session_id, message_id) DO UPDATE SET sequence = excluded.sequence, input = excluded.input, output = excluded.output,
       cache_read = excluded.cache_read, cache_write = excluded.cache_write`,
  ).run({ id, key: Number(session['key']), after, upTo });
  db.prepare(
    `INSERT INTO diary_usage_positions (session_id, sequence) VALUES (?, ?)
     ON CONFLICT (session_id) DO UPDATE SET sequence = excluded.sequence`,
  ).run(id, upTo);
  return upTo < Number(session['count']);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
