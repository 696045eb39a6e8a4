import type { Migration } from '@endwell/session-core/sqlite';

/**
 * The tables of the component `diary`. A migration that has been released is never edited: add the next one.
 * What says anything about a session goes with it, through its foreign key.
 */
export const diaryMigrations: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    sql: `
      CREATE TABLE diary_tokens (
        id          TEXT PRIMARY KEY,
        name        TEXT NOT NULL,
        scopes      TEXT NOT NULL,
        secret_hash BLOB NOT NULL,
        created_at  INTEGER NOT NULL,
        expires_at  INTEGER,
        revoked_at  INTEGER
      ) STRICT;

      CREATE TABLE diary_requests (
        key_hash    TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        server      TEXT NOT NULL,
        session_id  TEXT REFERENCES sessions (id) ON DELETE CASCADE,
        result      TEXT,
        created_at  INTEGER NOT NULL,
        done_at     INTEGER
      ) STRICT;
      CREATE INDEX diary_requests_created ON diary_requests (created_at);
      CREATE INDEX diary_requests_session ON diary_requests (session_id) WHERE session_id IS NOT NULL;

      CREATE TABLE diary_usage_positions (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        sequence   INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE diary_usage (
        session_id   TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        message_id   TEXT NOT NULL,
        sequence     INTEGER NOT NULL,
        at           INTEGER NOT NULL,
        model        TEXT,
        input        INTEGER NOT NULL,
        output       INTEGER NOT NULL,
        cache_read   INTEGER NOT NULL,
        cache_write  INTEGER NOT NULL,
        PRIMARY KEY (session_id, message_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX diary_usage_at ON diary_usage (at);
      CREATE INDEX diary_usage_message ON diary_usage (message_id, session_id);
    `,
  },
  {
    version: 2,
    oldestReader: 1,
    sql: `
      CREATE TABLE diary_hook_refusals (
        code    TEXT PRIMARY KEY,
        count   INTEGER NOT NULL,
        last_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
];
