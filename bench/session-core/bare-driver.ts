import { DatabaseSync } from 'node:sqlite';

import type { JournalText } from './journal-texts.ts';

/**
 * The bare driver on a database that the store has made: the same rows in the same tables and indexes,
 * the full text included, with statements that are prepared once and nothing else.
 */
export function insertBare(path: string, texts: readonly JournalText[], perTransaction: number): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  try {
    database.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL');
    const session = database
      .prepare('SELECT session_key AS key, id, entry_count AS count FROM sessions ORDER BY 1 DESC LIMIT 1')
      .get();
    const [key, id, count] = [Number(session?.['key']), String(session?.['id']), Number(session?.['count'])];
    const entry = database.prepare(
      'INSERT INTO entries (session_key, sequence, type, text, data, recorded_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const index = database.prepare('INSERT INTO entry_search (rowid, text, strings) VALUES (?, ?, ?)');
    const event = database.prepare(
      "INSERT INTO session_events (type, session_id, revision, sequence, at) VALUES ('session:recorded', ?, 1, ?, ?)",
    );
    const activity = database.prepare('UPDATE sessions SET entry_count = ? WHERE session_key = ?');
    let sequence = count;
    for (let at = 0; at < texts.length; at += perTransaction) {
      database.exec('BEGIN IMMEDIATE');
      for (const { text, data } of texts.slice(at, at + perTransaction)) {
        sequence += 1;
        const json = data === null ? null : JSON.stringify(data);
        const { lastInsertRowid } = entry.run(key, sequence, 'note', text, json, Date.now());
        index.run(lastInsertRowid, text, data === null ? null : Object.values(data).join('\n'));
        event.run(id, sequence, Date.now());
      }
      activity.run(sequence, key);
      database.exec('COMMIT');
    }
  } finally {
    database.close();
  }
}
