import type { DatabaseSync, SQLInputValue, StatementResultingChanges } from 'node:sqlite';

import { purgedKey } from '../session/purged-key.ts';
import type { Session } from '../session/session.ts';
import type { SessionRows } from '../store/session-rows.ts';
import { countSessions } from './count-sessions.ts';
import { listSessions } from './list-sessions.ts';
import { readState } from './core-state.ts';
import { cachedPrepare, type Prepare } from './prepare.ts';
import {
  buryEntry,
  findEndedBefore,
  findTree,
  removeEvents,
  removeLastEntry,
  removeSession,
} from './purge-rows.ts';
import { readNextCheckAt, readOutlook } from './read-outlook.ts';
import {
  number,
  rowToEntry,
  rowToEvent,
  rowToSession,
  selectSession,
  sessionToRow,
  text,
} from './session-columns.ts';

import { createWriteBatch, type WriteBatch } from './write-batch.ts';

type Values = Record<string, SQLInputValue>;

const keyOf = '(SELECT session_key FROM sessions WHERE id = :id)';

export interface SqliteRows extends SessionRows {
  readonly batch: WriteBatch;
}

/** The rows of one database connection. Writes belong inside a transaction of the commit queue. */
export function createSqliteRows(database: DatabaseSync): SqliteRows {
  const prepareAny = cachedPrepare(database);
  const batch = createWriteBatch(prepareAny);
  const prepare: Prepare = (sql) => {
    batch.settle();
    return prepareAny(sql);
  };
  const one = (where: string, values: Values): Session | undefined => {
    const row = prepare(`${selectSession} ${where}`).get(values);
    return row === undefined ? undefined : rowToSession(row);
  };
  const many = (where: string, values: Values): Session[] =>
    prepare(`${selectSession} ${where}`).all(values).map(rowToSession);
  /** Runs a statement that has to find its row: an update is never an insert. */
  const change = (sql: string, values: Values): StatementResultingChanges => {
    const result = prepare(sql).run(values);
    if (result.changes !== 1) {
      throw new Error(`no row for ${sql.trim().slice(0, 60)} ${JSON.stringify(values['id'])}`);
    }
    return result;
  };

  return {
    batch,
    find: (id) => batch.find(id)?.session,
    findActiveByExternalId: (source, externalId) =>
      one('WHERE source = :source AND external_id = :externalId AND ended_at IS NULL', {
        source,
        externalId,
      }),
    findLatestByExternalId: (source, externalId, reason) =>
      one(
        `WHERE source = :source AND external_id = :externalId AND (:reason IS NULL OR end_reason = :reason)
         ORDER BY started_at DESC, id DESC LIMIT 1`,
        { source, externalId, reason: reason ?? null },
      ),
    findActiveChildren: (id) => many('WHERE parent_id = :id AND ended_at IS NULL', { id }),
    findActiveByOwner: (identity, limit) =>
      many('WHERE owner_identity = :identity AND ended_at IS NULL LIMIT :limit', { identity, limit }),
    findDue: (now, limit) =>
      many('WHERE ended_at IS NULL AND check_at <= :now ORDER BY check_at LIMIT :limit', { now, limit }),

    countActive: (scope, key) =>
      number(
        prepare('SELECT active FROM active_counts WHERE scope = :scope AND name = :key').get({
          scope,
          key,
        }) ?? { active: 0 },
        'active',
      ),
    nextCheckAt: (owner) => readNextCheckAt(prepare, owner),
    findStartsFullAt(project) {
      const row = prepare('SELECT full_at FROM start_rates WHERE project = :project').get({
        project: project ?? '',
      });
      return row && number(row, 'full_at');
    },
    storeStartsFullAt(project, fullAt, now) {
      // What is full again need not be known.
      prepare('DELETE FROM start_rates WHERE full_at <= :now').run({ now });
      prepare('INSERT OR REPLACE INTO start_rates (project, full_at) VALUES (:project, :fullAt)').run({
        project: project ?? '',
        fullAt,
      });
    },

    findClockAnchor(domain) {
      const row = prepare('SELECT anchor_ms FROM clock_anchors WHERE domain = :domain').get({ domain });
      return row && number(row, 'anchor_ms');
    },
    storeClockAnchor(domain, bootId, anchorMs) {
      prepare('DELETE FROM clock_anchors WHERE boot_id <> :bootId').run({ bootId });
      prepare(
        'INSERT INTO clock_anchors (domain, boot_id, anchor_ms) VALUES (:domain, :bootId, :anchorMs)',
      ).run({
        domain,
        bootId,
        anchorMs,
      });
    },
    latestActivity() {
      const row = prepare(
        'SELECT max(last_active_at + clock_offset_ms) AS at FROM sessions WHERE ended_at IS NULL',
      ).get();
      const at = row?.['at'];
      return typeof at === 'number' ? at : null;
    },

    registerLease: (identity) =>
      void prepare('INSERT OR IGNORE INTO owner_leases (identity) VALUES (:identity)').run({ identity }),
    findLease(identity) {
      const row = prepare('SELECT until FROM owner_leases WHERE identity = :identity').get({ identity });
      if (row === undefined) return undefined;
      return row['until'] === null ? null : number(row, 'until');
    },
    storeLease: (identity, until) =>
      void prepare('UPDATE owner_leases SET until = :until WHERE identity = :identity').run({
        identity,
        until,
      }),
    dropLease: (identity) =>
      void prepare('DELETE FROM owner_leases WHERE identity = :identity').run({ identity }),

    insert(session) {
      const row = sessionToRow(session);
      const columns = Object.keys(row);
      const { lastInsertRowid } = prepare(
        `INSERT INTO sessions (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`,
      ).run(row);
      const json = JSON.stringify(session.metadata);
      if (json === '{}') return;
      prepare('INSERT INTO session_metadata (session_key, json) VALUES (:key, :json)').run({
        key: lastInsertRowid,
        json,
      });
    },
    markEnded: (session) =>
      change(
        `UPDATE sessions SET ended_at = :endedAt, end_reason = :reason, end_note = :note,
           revision = :revision, check_at = NULL
         WHERE id = :id AND ended_at IS NULL AND revision = :revision - 1`,
        {
          id: session.id,
          endedAt: session.endedAt,
          reason: session.endReason,
          note: session.endNote,
          revision: session.revision,
        },
      ),
    moveActivity: (session) => batch.moveActivity(session),
    postponeCheck: (id, checkAt) =>
      change('UPDATE sessions SET check_at = :checkAt WHERE id = :id AND ended_at IS NULL', { id, checkAt }),
    extendImported(session) {
      change(
        `UPDATE sessions SET ended_at = :endedAt, last_active_at = :endedAt, entry_count = :entryCount,
           revision = :revision, parent_id = :parentId
         WHERE id = :id AND end_reason = 'imported'`,
        {
          id: session.id,
          endedAt: session.endedAt,
          entryCount: session.entryCount,
          revision: session.revision,
          parentId: session.parentId,
        },
      );
      prepare(`INSERT OR REPLACE INTO session_metadata (session_key, json) VALUES (${keyOf}, :json)`).run({
        id: session.id,
        json: JSON.stringify(session.metadata),
      });
    },

    findEntryByKey(id, key) {
      const session = batch.find(id);
      if (session === undefined) return undefined;
      const row = prepareAny(findEntrySql).get(session.key, key, purgedKey(key));
      return row && { entry: rowToEntry(id, row), contentHash: text(row, 'content_hash') };
    },
    hasKey: (source, externalId, key) =>
      prepare(
        `SELECT 1 FROM sessions JOIN entries USING (session_key)
         WHERE source = :source AND external_id = :externalId
           AND idempotency_key IN (:key, :purged)`,
      ).get({ source, externalId, key, purged: purgedKey(key) }) !== undefined,
    appendEntry(id, sequence, entry, recordedAt) {
      const session = batch.find(id);
      if (session === undefined) throw new Error(`there is no session ${id}`);
      const { type, text: content, dataJson, idempotencyKey, contentHash, occurredAt } = entry;
      const { lastInsertRowid: entryKey } = prepareAny(appendEntrySql).run(
        session.key,
        sequence,
        type,
        content,
        dataJson,
        idempotencyKey,
        contentHash,
        recordedAt,
        occurredAt,
      );
      batch.index({ entryKey, text: content, dataJson });
    },
    findTree: (target) => findTree(prepare, target),
    findEndedBefore: (at) => findEndedBefore(prepare, at),
    buryEntry: (id, sequence, now) => buryEntry(prepare, id, sequence, now),
    removeLastEntry: (id) => removeLastEntry(prepare, id),
    removeSession: (id) => removeSession(prepare, id),
    removeEvents: (ids, after, upTo) => removeEvents(prepare, ids, after, upTo),
    appendEvent({ type, sessionId, revision, reason, sequence, at }) {
      prepareAny(appendEventSql).run(type, sessionId, revision, reason, sequence, at);
    },

    list: (filter, after, limit, now) => listSessions(prepare, filter, after, limit, now),
    entries: (id, { after, limit, type }) =>
      prepare(
        `SELECT * FROM entries WHERE session_key = ${keyOf} AND sequence > :after
           AND (:type IS NULL OR type = :type) ORDER BY sequence LIMIT :limit`,
      )
        .all({ id, after, limit, type: type ?? null })
        .map((row) => rowToEntry(id, row)),
    events: (after, limit) =>
      prepare('SELECT * FROM session_events WHERE cursor > :after ORDER BY cursor LIMIT :limit')
        .all({ after, limit })
        .map(rowToEvent),
    lifeEvents: (after, limit) =>
      prepare(
        `SELECT * FROM session_events WHERE cursor > :after AND type <> 'session:recorded'
         ORDER BY cursor LIMIT :limit`,
      )
        .all({ after, limit })
        .map(rowToEvent),
    latestCursor: () =>
      number(
        prepare("SELECT seq FROM sqlite_sequence WHERE name = 'session_events'").get() ?? { seq: 0 },
        'seq',
      ),
    droppedCursor: () => readState(prepare, 'events_dropped_through'),
    outlook: () => readOutlook(prepare),
    counts: (now) => countSessions(prepare, now),
  };
}

const appendEntrySql = `
  INSERT INTO entries (session_key, sequence, type, text, data, idempotency_key, content_hash, recorded_at, occurred_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const appendEventSql = `
  INSERT INTO session_events (type, session_id, revision, reason, sequence, at) VALUES (?, ?, ?, ?, ?, ?)`;
const findEntrySql = 'SELECT * FROM entries WHERE session_key = ? AND idempotency_key IN (?, ?)';
