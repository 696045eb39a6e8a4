import type { ComponentSchema, Migration } from './apply-migrations.ts';

/** One active session less. */
const uncount = `
          UPDATE active_counts SET active = active - 1 WHERE scope = 'store';
          UPDATE active_counts SET active = active - 1
            WHERE scope = 'project' AND name = coalesce(OLD.project, '');
          DELETE FROM active_counts WHERE scope = 'project' AND name = coalesce(OLD.project, '') AND active = 0;
          UPDATE active_counts SET active = active - 1 WHERE scope = 'owner' AND name = OLD.owner_identity;
          DELETE FROM active_counts WHERE scope = 'owner' AND name = OLD.owner_identity AND active = 0;`;

/*
 * The schema of the component `core`. A migration that has been released is never edited: add the
 * next one. `oldestReader` is the oldest version of this list that can still use the result.
 *
 * A session's end is `ended_at`; partial indexes keep what is active apart, so that their cost
 * does not grow with history. `check_at` is when to look at a session; a touch leaves it alone.
 */
const coreMigrations: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    sql: `
      CREATE TABLE sessions (
        session_key     INTEGER PRIMARY KEY,
        id              TEXT NOT NULL UNIQUE,
        kind            TEXT NOT NULL,
        project         TEXT,
        agent           TEXT,
        user            TEXT,
        parent_id       TEXT REFERENCES sessions (id),
        source          TEXT,
        external_id     TEXT,
        continues       TEXT REFERENCES sessions (id),
        owner_identity  TEXT,
        owner_host      TEXT,
        started_at      INTEGER NOT NULL,
        last_active_at  INTEGER NOT NULL,
        idle_ttl_ms     INTEGER NOT NULL CHECK (idle_ttl_ms > 0),
        max_lifetime_ms INTEGER NOT NULL CHECK (max_lifetime_ms > 0),
        check_at        INTEGER,
        revision        INTEGER NOT NULL,
        ended_at        INTEGER,
        end_reason      TEXT,
        end_note        TEXT,
        entry_count     INTEGER NOT NULL,
        CHECK ((source IS NULL) = (external_id IS NULL)),
        CHECK ((owner_identity IS NULL) = (owner_host IS NULL)),
        CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
        CHECK ((ended_at IS NULL) = (check_at IS NOT NULL))
      ) STRICT;

      CREATE UNIQUE INDEX sessions_active_external_id ON sessions (source, external_id)
        WHERE ended_at IS NULL AND external_id IS NOT NULL;
      CREATE INDEX sessions_external_id ON sessions (source, external_id, started_at, id)
        WHERE external_id IS NOT NULL;
      CREATE INDEX sessions_check ON sessions (check_at) WHERE ended_at IS NULL;
      CREATE INDEX sessions_owner ON sessions (owner_identity)
        WHERE ended_at IS NULL AND owner_identity IS NOT NULL;
      CREATE INDEX sessions_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;
      CREATE INDEX sessions_continues ON sessions (continues) WHERE continues IS NOT NULL;
      CREATE INDEX sessions_newest ON sessions (started_at, id);
      CREATE INDEX sessions_active_newest ON sessions (started_at, id) WHERE ended_at IS NULL;
      CREATE INDEX sessions_project_newest ON sessions (project, started_at, id) WHERE project IS NOT NULL;

      CREATE TRIGGER sessions_stay_ended BEFORE UPDATE OF ended_at, end_reason ON sessions
        WHEN OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NULL OR NEW.end_reason <> OLD.end_reason)
        BEGIN SELECT RAISE(ABORT, 'an ended session stays ended'); END;

      CREATE TABLE session_metadata (
        session_key INTEGER PRIMARY KEY REFERENCES sessions (session_key),
        json        TEXT NOT NULL
      ) STRICT;

      CREATE TABLE entries (
        entry_key       INTEGER PRIMARY KEY,
        session_key     INTEGER NOT NULL REFERENCES sessions (session_key),
        sequence        INTEGER NOT NULL CHECK (sequence > 0),
        type            TEXT NOT NULL,
        text            TEXT,
        data            TEXT,
        idempotency_key TEXT,
        content_hash    TEXT,
        recorded_at     INTEGER NOT NULL,
        occurred_at     INTEGER,
        CHECK ((idempotency_key IS NULL) = (content_hash IS NULL))
      ) STRICT;

      CREATE UNIQUE INDEX entries_sequence ON entries (session_key, sequence);
      CREATE UNIQUE INDEX entries_idempotency ON entries (session_key, idempotency_key)
        WHERE idempotency_key IS NOT NULL;

      CREATE TABLE session_events (
        cursor     INTEGER PRIMARY KEY AUTOINCREMENT,
        type       TEXT NOT NULL,
        session_id TEXT NOT NULL,
        revision   INTEGER NOT NULL,
        reason     TEXT,
        sequence   INTEGER,
        at         INTEGER NOT NULL
      ) STRICT;

      CREATE UNIQUE INDEX session_events_one_end ON session_events (session_id)
        WHERE type = 'session:ended';
    `,
  },
  {
    // Triggers keep the counts, so that they hold whichever program writes the sessions.
    version: 2,
    oldestReader: 1,
    sql: `
      CREATE TABLE active_counts (
        scope  TEXT NOT NULL CHECK (scope IN ('owner', 'project', 'store')),
        name   TEXT NOT NULL,
        active INTEGER NOT NULL CHECK (active >= 0),
        PRIMARY KEY (scope, name)
      ) STRICT, WITHOUT ROWID;

      INSERT INTO active_counts SELECT 'store', '', count(*) FROM sessions WHERE ended_at IS NULL;
      INSERT INTO active_counts
        SELECT 'project', coalesce(project, ''), count(*) FROM sessions WHERE ended_at IS NULL GROUP BY 2;
      INSERT INTO active_counts
        SELECT 'owner', owner_identity, count(*) FROM sessions
        WHERE ended_at IS NULL AND owner_identity IS NOT NULL GROUP BY 2;

      CREATE TRIGGER sessions_count_start AFTER INSERT ON sessions WHEN NEW.ended_at IS NULL
        BEGIN
          INSERT INTO active_counts VALUES ('store', '', 1)
            ON CONFLICT DO UPDATE SET active = active + 1;
          INSERT INTO active_counts VALUES ('project', coalesce(NEW.project, ''), 1)
            ON CONFLICT DO UPDATE SET active = active + 1;
          INSERT INTO active_counts SELECT 'owner', NEW.owner_identity, 1 WHERE NEW.owner_identity IS NOT NULL
            ON CONFLICT DO UPDATE SET active = active + 1;
        END;
      CREATE TRIGGER sessions_count_end AFTER UPDATE OF ended_at ON sessions
        WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
        BEGIN ${uncount} END;
      CREATE TRIGGER sessions_count_removal AFTER DELETE ON sessions WHEN OLD.ended_at IS NULL
        BEGIN ${uncount} END;

      CREATE TABLE start_rates (
        project TEXT PRIMARY KEY,
        full_at REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX start_rates_full ON start_rates (full_at);
      CREATE TRIGGER sessions_forget_rate AFTER DELETE ON sessions
        BEGIN DELETE FROM start_rates WHERE project = coalesce(OLD.project, ''); END;

      CREATE INDEX sessions_agent_newest ON sessions (agent, started_at, id) WHERE agent IS NOT NULL;
      CREATE INDEX sessions_user_newest ON sessions (user, started_at, id) WHERE user IS NOT NULL;
      CREATE INDEX sessions_reason_newest ON sessions (end_reason, started_at, id)
        WHERE end_reason IS NOT NULL;
      CREATE INDEX sessions_owner_newest ON sessions (owner_identity, started_at, id)
        WHERE owner_identity IS NOT NULL;
    `,
  },
  {
    version: 3,
    oldestReader: 3,
    // Words are split at whatever is no letter or digit and not stemmed: most of it is code and log text.
    // The content is read through the view, so that nothing is stored twice.
    sql: `
      ALTER TABLE entries ADD COLUMN purged_at INTEGER;
      CREATE INDEX entries_time ON entries (coalesce(occurred_at, recorded_at), session_key);
      CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

      CREATE TABLE core_state (
        name  TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE VIEW entry_search_content AS
        SELECT entry_key, text,
               (SELECT group_concat(atom, char(10)) FROM json_tree(data) WHERE type = 'text') AS strings
        FROM entries WHERE purged_at IS NULL;
      CREATE VIRTUAL TABLE entry_search USING fts5 (
        text, strings,
        content = 'entry_search_content', content_rowid = 'entry_key',
        tokenize = 'unicode61 remove_diacritics 2'
      );
      INSERT INTO entry_search (entry_search, rank) VALUES ('secure-delete', 1);
      INSERT INTO entry_search (rowid, text, strings)
        SELECT entry_key, text, strings FROM entry_search_content;
    `,
  },
  {
    // A program that does not know of the steady clock would read other deadlines.
    version: 4,
    oldestReader: 4,
    sql: `
      ALTER TABLE sessions ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE clock_anchors (
        domain    TEXT PRIMARY KEY,
        boot_id   TEXT NOT NULL,
        anchor_ms REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 5,
    oldestReader: 4,
    sql: `
      CREATE TABLE owner_leases (
        identity TEXT PRIMARY KEY,
        until    INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER owner_leases_end AFTER DELETE ON active_counts WHEN OLD.scope = 'owner'
        BEGIN DELETE FROM owner_leases WHERE identity = OLD.name; END;
    `,
  },
];

export const coreSchema: ComponentSchema = { component: 'core', migrations: coreMigrations };
