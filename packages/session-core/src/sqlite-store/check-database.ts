import type { IntegrityReport } from '../store/session-store.ts';
import type { Prepare } from './prepare.ts';

/** Each finds what must not be there, as one sentence a row. */
const promises = [
  `SELECT 'session ' || id || ' has ended without an event' AS problem FROM sessions
   WHERE ended_at IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM core_state WHERE name = 'events_dropped_through')
     AND id NOT IN (SELECT session_id FROM session_events WHERE type = 'session:ended')`,
  `SELECT 'session ' || id || ' is active with an end event' AS problem FROM sessions
   WHERE ended_at IS NULL
     AND id IN (SELECT session_id FROM session_events WHERE type = 'session:ended')`,
  `SELECT 'session ' || id || ' counts ' || entry_count || ' entries and has ' || count(sequence) AS problem
   FROM sessions LEFT JOIN entries USING (session_key) GROUP BY session_key
   HAVING entry_count <> count(sequence) OR entry_count <> coalesce(max(sequence), 0)`,
  `SELECT 'entry ' || sequence || ' of session ' || id || ' cannot be searched for' AS problem
   FROM entries JOIN sessions USING (session_key)
   WHERE purged_at IS NULL AND entry_key NOT IN (SELECT id FROM entry_search_docsize)`,
  `SELECT 'session ' || child.id || ' is active below an ended one' AS problem
   FROM sessions AS child JOIN sessions AS parent ON parent.id = child.parent_id
   WHERE child.ended_at IS NULL AND parent.ended_at IS NOT NULL`,
  `SELECT 'the count of active sessions of ' || scope || ' ' || quote(name) || ' is ' || active AS problem
   FROM active_counts WHERE active <> (
     SELECT count(*) FROM sessions WHERE ended_at IS NULL AND CASE scope
       WHEN 'owner' THEN owner_identity = name WHEN 'project' THEN coalesce(project, '') = name ELSE 1 END)`,
  `SELECT 'active sessions of ' || scope || ' ' || quote(name) || ' are not counted' AS problem FROM (
     SELECT DISTINCT 'owner' AS scope, owner_identity AS name FROM sessions
     WHERE ended_at IS NULL AND owner_identity IS NOT NULL
     UNION SELECT DISTINCT 'project', coalesce(project, '') FROM sessions WHERE ended_at IS NULL
     UNION SELECT DISTINCT 'store', '' FROM sessions WHERE ended_at IS NULL)
   WHERE NOT EXISTS (SELECT 1 FROM active_counts AS c WHERE (c.scope, c.name) = (scope, name))`,
];

/** SQLite's own check, its foreign keys, and the promises of this package. Takes long on a large database. */
export function checkDatabase(prepare: Prepare): IntegrityReport {
  const problems: string[] = [];
  for (const row of prepare('PRAGMA integrity_check').all()) {
    if (row['integrity_check'] !== 'ok') problems.push(String(row['integrity_check']));
  }
  for (const row of prepare('PRAGMA foreign_key_check').all()) {
    problems.push(
      `row ${String(row['rowid'])} of ${String(row['table'])} refers to nothing in ${String(row['parent'])}`,
    );
  }
  for (const sql of promises) {
    for (const row of prepare(sql).all()) problems.push(String(row['problem']));
  }
  return { ok: problems.length === 0, problems };
}
