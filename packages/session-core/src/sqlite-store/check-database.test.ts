import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { createSessionManager } from '../manager/create-session-manager.ts';
import { checkDatabase } from './check-database.ts';
import { coreSchema } from './core-migrations.ts';
import { openDatabase } from './open-database.ts';
import { cachedPrepare } from './prepare.ts';
import { sqliteStore } from './sqlite-store.ts';

let folder: string;
let database: DatabaseSync;
let parent: string;
let child: string;

/** Two active sessions of project `p`, one below the other, each with an entry, and one that has ended. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'endwell-check-'));
  const options = { path: join(folder, 'x.db'), durability: 'process-crash' } as const;
  await using manager = createSessionManager({ store: sqliteStore(options), owner: null, guard: false });
  parent = (await manager.start({ kind: 'test', project: 'p' })).id;
  child = (await manager.start({ kind: 'test', project: 'p', parentId: parent })).id;
  for (const id of [parent, child]) await manager.record(id, { type: 'note', text: 'hello' });
  const { id } = await manager.start({ kind: 'test', project: 'q' });
  await manager.end(id);
  database = openDatabase({ ...options, readOnly: false, schemas: [coreSchema] }, 0);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const problems = (): readonly string[] => {
  const { ok, problems: found } = checkDatabase(cachedPrepare(database));
  expect(ok).toBe(found.length === 0);
  return found;
};

it('finds nothing where nothing is wrong', () => {
  expect(problems()).toStrictEqual([]);
});

it.each<{ what: string; sql: () => string; found: () => string[] }>([
  {
    what: 'an end without an event',
    sql: () => "DELETE FROM session_events WHERE type = 'session:ended'",
    found: () => [expect.stringMatching(/^session ses_\S+ has ended without an event$/) as string],
  },
  {
    what: 'an end event without an end',
    sql: () =>
      `INSERT INTO session_events (type, session_id, revision, at) VALUES ('session:ended', '${child}', 2, 1)`,
    found: () => [`session ${child} is active with an end event`],
  },
  {
    what: 'a wrong count of entries',
    sql: () => `UPDATE sessions SET entry_count = 2 WHERE id = '${child}'`,
    found: () => [`session ${child} counts 2 entries and has 1`],
  },
  {
    what: 'a gap between entries',
    sql: () => 'UPDATE entries SET sequence = 2 WHERE entry_key = 2',
    found: () => [`session ${child} counts 1 entries and has 1`],
  },
  {
    what: 'an entry that is not in the index',
    sql: () =>
      "INSERT INTO entry_search (entry_search, rowid, text, strings) VALUES ('delete', 2, 'hello', NULL)",
    found: () => [`entry 1 of session ${child} cannot be searched for`],
  },
  {
    what: 'a child that outlives its parent',
    sql: () => `
      UPDATE sessions SET ended_at = 1, end_reason = 'completed', check_at = NULL WHERE id = '${parent}';
      INSERT INTO session_events (type, session_id, revision, at) VALUES ('session:ended', '${parent}', 2, 1)`,
    found: () => [`session ${child} is active below an ended one`],
  },
  {
    what: 'a wrong count of active sessions',
    sql: () => "UPDATE active_counts SET active = active + 1 WHERE scope <> 'owner'",
    found: () => [
      "the count of active sessions of project 'p' is 3",
      "the count of active sessions of store '' is 3",
    ],
  },
  {
    what: 'active sessions that nobody counts',
    sql: () => 'DELETE FROM active_counts',
    found: () => [
      "active sessions of project 'p' are not counted",
      "active sessions of store '' are not counted",
    ],
  },
  {
    what: 'a row that refers to nothing',
    sql: () => `
      PRAGMA foreign_keys = OFF;
      INSERT INTO session_metadata VALUES (99, '{}')`,
    found: () => ['row 99 of session_metadata refers to nothing in sessions'],
  },
])('finds $what', ({ sql, found }) => {
  database.exec(sql());
  expect(problems()).toStrictEqual(found());
});

it('passes on what SQLite finds', () => {
  // A row that its index does not know.
  database.enableDefensive(false);
  database.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'started_at, id) WHERE ended_at IS NULL', 'last_active_at, id) WHERE ended_at IS NULL')
      WHERE name = 'sessions_active_newest';
    UPDATE sessions SET last_active_at = last_active_at + 1;`);
  database.close();
  database = openDatabase({ path: join(folder, 'x.db'), readOnly: false, schemas: [coreSchema] }, 0);
  expect(problems().join('\n')).toContain('sessions_active_newest');
});
