import { purgedKey } from '../session/purged-key.ts';
import type { PurgeTarget } from '../store/session-store.ts';
import type { Prepare } from './prepare.ts';
import { number, text } from './session-columns.ts';

const keyOf = '(SELECT session_key FROM sessions WHERE id = :id)';

export function findTree(prepare: Prepare, target: PurgeTarget): { id: string; active: boolean }[] {
  const [root, value] =
    'project' in target ? ['project = :value', target.project] : ['id = :value', target.sessionId];
  return prepare(
    `WITH RECURSIVE tree (id, depth) AS (
       SELECT id, 0 FROM sessions WHERE ${root}
       UNION ALL
       SELECT sessions.id, depth + 1 FROM sessions JOIN tree ON parent_id = tree.id
     )
     SELECT id, ended_at IS NULL AS active, max(depth) AS depth
     FROM tree JOIN sessions USING (id) GROUP BY id ORDER BY depth DESC`,
  )
    .all({ value })
    .map((row) => ({ id: text(row, 'id') ?? '', active: number(row, 'active') === 1 }));
}

/** A session stays for as long as anything below it does. */
export function findEndedBefore(prepare: Prepare, at: number): string[] {
  return prepare(
    `WITH RECURSIVE needed (id) AS (
       SELECT parent_id FROM sessions WHERE parent_id IS NOT NULL AND (ended_at IS NULL OR ended_at >= :at)
       UNION
       SELECT parent_id FROM sessions JOIN needed USING (id) WHERE parent_id IS NOT NULL
     )
     SELECT id FROM sessions WHERE ended_at < :at AND id NOT IN (SELECT id FROM needed)
     ORDER BY session_key DESC`,
  )
    .all({ at })
    .map((row) => text(row, 'id') ?? '');
}

export function buryEntry(prepare: Prepare, id: string, sequence: number, now: number): boolean {
  const row = prepare(
    `SELECT entry_key, idempotency_key FROM entries
     WHERE session_key = ${keyOf} AND sequence = :sequence AND purged_at IS NULL`,
  ).get({ id, sequence });
  if (row === undefined) return false;
  const entryKey = number(row, 'entry_key');
  const key = text(row, 'idempotency_key');
  unindex(prepare, entryKey);
  prepare(
    `UPDATE entries SET type = 'purged', text = NULL, data = NULL, occurred_at = NULL, purged_at = :now,
       idempotency_key = :key, content_hash = iif(:key IS NULL, NULL, '')
     WHERE entry_key = :entryKey`,
  ).run({ entryKey, now, key: key === null ? null : purgedKey(key) });
  return true;
}

export function removeLastEntry(prepare: Prepare, id: string): boolean {
  const row = prepare(
    `SELECT entry_key, session_key FROM entries WHERE session_key = ${keyOf} ORDER BY sequence DESC LIMIT 1`,
  ).get({ id });
  if (row === undefined) return false;
  const entryKey = number(row, 'entry_key');
  unindex(prepare, entryKey);
  prepare('DELETE FROM entries WHERE entry_key = :entryKey').run({ entryKey });
  prepare('UPDATE sessions SET entry_count = entry_count - 1 WHERE session_key = :key').run({
    key: number(row, 'session_key'),
  });
  return true;
}

/** The index has no copy of the words and has to be told them. */
function unindex(prepare: Prepare, entryKey: number): void {
  prepare(
    `INSERT INTO entry_search (entry_search, rowid, text, strings)
     SELECT 'delete', entry_key, text, strings FROM entry_search_content WHERE entry_key = :entryKey`,
  ).run({ entryKey });
}

export function removeSession(prepare: Prepare, id: string): void {
  prepare('UPDATE sessions SET parent_id = NULL WHERE parent_id = :id').run({ id });
  prepare(
    `UPDATE sessions SET continues = (SELECT continues FROM sessions WHERE id = :id) WHERE continues = :id`,
  ).run({ id });
  prepare(`DELETE FROM session_metadata WHERE session_key = ${keyOf}`).run({ id });
  prepare('DELETE FROM sessions WHERE id = :id').run({ id });
}

export function removeEvents(prepare: Prepare, ids: ReadonlySet<string>, after: number, upTo: number): void {
  const rows = prepare(
    `SELECT cursor, session_id FROM session_events
     WHERE cursor > :after AND cursor <= :upTo AND type <> 'session:purged'`,
  ).all({ after, upTo });
  for (const row of rows) {
    if (!ids.has(text(row, 'session_id') ?? '')) continue;
    prepare('DELETE FROM session_events WHERE cursor = :cursor').run({ cursor: number(row, 'cursor') });
  }
}
