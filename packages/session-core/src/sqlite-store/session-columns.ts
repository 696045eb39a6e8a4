import type { SQLOutputValue } from 'node:sqlite';

import type { EndReason } from '../session/end-reason.ts';
import type { Entry } from '../session/entry.ts';
import type { SessionEvent, SessionEventType } from '../session/session-event.ts';
import { deadlineOf, dueAt } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { toEntry } from '../session/to-entry.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** What every statement that reads sessions selects. */
export const selectSession = `
  SELECT id, kind, project, agent, user, parent_id, source, external_id, continues, owner_identity,
         owner_host, started_at, last_active_at, idle_ttl_ms, max_lifetime_ms, clock_offset_ms, revision,
         ended_at,
         end_reason, end_note, entry_count, json AS metadata
  FROM sessions LEFT JOIN session_metadata USING (session_key)`;

/** When the deadline is due, as `dueAt` computes it. */
export const deadlineSql =
  '(min(last_active_at + idle_ttl_ms, started_at + max_lifetime_ms) + clock_offset_ms)';

export function rowToSession(row: Row): Session {
  const identity = text(row, 'owner_identity');
  const fields = {
    startedAt: number(row, 'started_at'),
    lastActiveAt: number(row, 'last_active_at'),
    idleTtlMs: number(row, 'idle_ttl_ms'),
    maxLifetimeMs: number(row, 'max_lifetime_ms'),
  };
  const endedAt = row['ended_at'];
  const metadata = text(row, 'metadata');
  return {
    id: text(row, 'id') ?? '',
    kind: text(row, 'kind') ?? '',
    project: text(row, 'project'),
    agent: text(row, 'agent'),
    user: text(row, 'user'),
    parentId: text(row, 'parent_id'),
    source: text(row, 'source'),
    externalId: text(row, 'external_id'),
    continues: text(row, 'continues'),
    metadata: metadata === null ? {} : (JSON.parse(metadata) as Record<string, unknown>),
    owner: identity === null ? null : { identity, host: text(row, 'owner_host') ?? '' },
    ...fields,
    expiresAt: deadlineOf(fields).at,
    clockOffsetMs: number(row, 'clock_offset_ms'),
    revision: number(row, 'revision'),
    state: endedAt === null ? 'active' : 'ended',
    endedAt: endedAt === null ? null : number(row, 'ended_at'),
    endReason: text(row, 'end_reason') as EndReason | null,
    endNote: text(row, 'end_note'),
    entryCount: number(row, 'entry_count'),
  };
}

/** The values for an insert, named as the columns are. */
export function sessionToRow(session: Session): Record<string, string | number | null> {
  return {
    id: session.id,
    kind: session.kind,
    project: session.project,
    agent: session.agent,
    user: session.user,
    parent_id: session.parentId,
    source: session.source,
    external_id: session.externalId,
    continues: session.continues,
    owner_identity: session.owner?.identity ?? null,
    owner_host: session.owner?.host ?? null,
    started_at: session.startedAt,
    last_active_at: session.lastActiveAt,
    idle_ttl_ms: session.idleTtlMs,
    max_lifetime_ms: session.maxLifetimeMs,
    clock_offset_ms: session.clockOffsetMs,
    check_at: session.state === 'active' ? dueAt(session) : null,
    revision: session.revision,
    ended_at: session.endedAt,
    end_reason: session.endReason,
    end_note: session.endNote,
    entry_count: session.entryCount,
  };
}

export function rowToEntry(sessionId: string, row: Row): Entry {
  const prepared = {
    type: text(row, 'type') ?? '',
    text: text(row, 'text'),
    dataJson: text(row, 'data'),
    idempotencyKey: text(row, 'idempotency_key'),
    occurredAt: row['occurred_at'] === null ? null : number(row, 'occurred_at'),
  };
  const purgedAt = row['purged_at'] === null ? null : number(row, 'purged_at');
  return toEntry(sessionId, number(row, 'sequence'), prepared, number(row, 'recorded_at'), purgedAt);
}

export function rowToEvent(row: Row): SessionEvent {
  return {
    cursor: String(row['cursor']),
    type: text(row, 'type') as SessionEventType,
    sessionId: text(row, 'session_id') ?? '',
    revision: number(row, 'revision'),
    reason: text(row, 'reason') as EndReason | null,
    sequence: row['sequence'] === null ? null : number(row, 'sequence'),
    at: number(row, 'at'),
  };
}

export function text(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

export function number(row: Row, column: string): number {
  return Number(row[column]);
}
