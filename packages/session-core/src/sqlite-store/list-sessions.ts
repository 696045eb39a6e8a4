import type { EndReason } from '../session/end-reason.ts';
import { presentSession } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import type { ListPosition, SessionFilter } from '../store/session-store.ts';
import { deadlineSql, rowToSession, selectSession } from './session-columns.ts';
import type { Prepare } from './prepare.ts';

const columns = {
  project: 'project',
  agent: 'agent',
  kind: 'kind',
  source: 'source',
  externalId: 'external_id',
  parentId: 'parent_id',
  user: 'user',
  ownerIdentity: 'owner_identity',
} as const;

/** Newest first. A session past its deadline counts as ended, although nobody has stored that yet. */
const states = {
  all: [],
  active: [`ended_at IS NULL AND ${deadlineSql} > :now`],
  ended: [`(ended_at IS NOT NULL OR ${deadlineSql} <= :now)`],
} as const;

/** The reasons that a session has although nobody has stored its end yet. */
const unsweptSql: ReadonlyMap<EndReason, string> = new Map([
  ['max_lifetime', 'started_at + max_lifetime_ms <= last_active_at + idle_ttl_ms'],
  ['idle_timeout', 'started_at + max_lifetime_ms > last_active_at + idle_ttl_ms'],
]);

function reasonSql(reason: EndReason): string {
  const unswept = unsweptSql.get(reason);
  if (unswept === undefined) return 'end_reason = :endReason';
  return `(end_reason = :endReason OR (ended_at IS NULL AND ${deadlineSql} <= :now AND ${unswept}))`;
}

export function listSessions(
  prepare: Prepare,
  filter: SessionFilter,
  after: ListPosition | null,
  limit: number,
  now: number,
): Session[] {
  const { state = 'all', ...fields } = filter;
  const conditions: string[] = [...states[state]];
  const values: Record<string, string | number> = { limit };
  if (state !== 'all') values['now'] = now;
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    const value = fields[name];
    if (value === undefined) continue;
    conditions.push(`${columns[name]} = :${name}`);
    values[name] = value;
  }
  for (const [name, condition] of [
    ['startedFrom', 'started_at >= :startedFrom'],
    ['startedTo', 'started_at < :startedTo'],
  ] as const) {
    const value = fields[name];
    if (value === undefined) continue;
    conditions.push(condition);
    values[name] = value;
  }
  if (fields.endReason !== undefined) {
    conditions.push(reasonSql(fields.endReason));
    values['endReason'] = fields.endReason;
    if (unsweptSql.has(fields.endReason)) values['now'] = now;
  }
  if (after !== null) {
    conditions.push('(started_at, id) < (:startedAt, :id)');
    values['startedAt'] = after.startedAt;
    values['id'] = after.id;
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return prepare(`${selectSession} ${where} ORDER BY started_at DESC, id DESC LIMIT :limit`)
    .all(values)
    .map((row) => presentSession(rowToSession(row), now));
}
