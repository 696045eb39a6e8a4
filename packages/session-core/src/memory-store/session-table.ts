import { deadlineOf } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';

/** Sessions by id. What is given and taken are whole sessions; what is kept is a fraction of that. */
export interface SessionTable {
  readonly size: number;
  has(id: string): boolean;
  isActive(id: string): boolean;
  get(id: string): Session | undefined;
  set(id: string, session: Session): void;
  /** For one that is there and had something to do: nothing else of it has changed. */
  moveActivity(session: Session): void;
  delete(id: string): void;
  values(): Iterable<Session>;
}

/** What many sessions have in common, kept once for all of them. */
type Origin = Pick<Session, 'kind' | 'project' | 'agent' | 'user' | 'source' | 'owner'>;

/** What most sessions do not have. */
type Rest = Pick<Session, 'parentId' | 'externalId' | 'continues' | 'metadata'>;

interface PackedEnd {
  readonly afterMs: number;
  readonly reason: NonNullable<Session['endReason']>;
  readonly note: string | null;
}

/**
 * One live session of a million is this object. Numbers that fit in 31 bits cost nothing besides
 * their place, which is why the last activity is kept as its distance from the start.
 */
interface PackedSession {
  readonly origin: Origin;
  readonly startedAt: number;
  activeForMs: number;
  readonly idleTtlMs: number;
  readonly maxLifetimeMs: number;
  readonly clockOffsetMs: number;
  readonly revision: number;
  entryCount: number;
  readonly rest: Rest | null;
  readonly end: PackedEnd | null;
}

/** Beyond this the common parts are too different to be worth a search. */
const maxOrigins = 10_000;

export function createSessionTable(): SessionTable {
  const rows = new Map<string, PackedSession>();
  const origins = new Map<string, Origin>();

  const findOrigin = (session: Session, known: Origin | undefined): Origin => {
    const { kind, project, agent, user, source, owner } = session;
    if (
      known !== undefined &&
      known.kind === kind &&
      known.project === project &&
      known.agent === agent &&
      known.user === user &&
      known.source === source &&
      known.owner?.identity === owner?.identity &&
      known.owner?.host === owner?.host
    ) {
      return known;
    }
    const key = JSON.stringify([kind, project, agent, user, source, owner?.identity, owner?.host]);
    const found = origins.get(key);
    if (found !== undefined) return found;
    if (origins.size >= maxOrigins) origins.clear();
    const origin = { kind, project, agent, user, source, owner };
    origins.set(key, origin);
    return origin;
  };

  return {
    get size() {
      return rows.size;
    },
    has: (id) => rows.has(id),
    isActive: (id) => rows.get(id)?.end === null,
    get(id) {
      const row = rows.get(id);
      return row === undefined ? undefined : unpack(id, row);
    },
    set: (id, session) => void rows.set(id, pack(session, findOrigin(session, rows.get(id)?.origin))),
    moveActivity(session) {
      const row = rows.get(session.id);
      if (row === undefined) throw new Error(`session ${session.id} is not there`);
      // In its place: what is touched is old, and a new object for each touch would be copied until it is.
      row.activeForMs = session.lastActiveAt - session.startedAt;
      row.entryCount = session.entryCount;
    },
    delete: (id) => void rows.delete(id),
    *values() {
      for (const [id, row] of rows) yield unpack(id, row);
    },
  };
}

function pack(session: Session, origin: Origin): PackedSession {
  const { parentId, externalId, continues, metadata, startedAt, endedAt, endReason, endNote } = session;
  const usual = parentId === null && externalId === null && continues === null && isEmpty(metadata);
  return {
    origin,
    startedAt: session.startedAt,
    activeForMs: session.lastActiveAt - session.startedAt,
    idleTtlMs: session.idleTtlMs,
    maxLifetimeMs: session.maxLifetimeMs,
    clockOffsetMs: session.clockOffsetMs,
    revision: session.revision,
    entryCount: session.entryCount,
    rest: usual ? null : { parentId, externalId, continues, metadata },
    end:
      endReason === null
        ? null
        : { afterMs: (endedAt ?? startedAt) - startedAt, reason: endReason, note: endNote },
  };
}

function unpack(id: string, row: PackedSession): Session {
  const { origin, rest, end } = row;
  const times = {
    startedAt: row.startedAt,
    lastActiveAt: row.startedAt + row.activeForMs,
    idleTtlMs: row.idleTtlMs,
    maxLifetimeMs: row.maxLifetimeMs,
  };
  return {
    id,
    kind: origin.kind,
    project: origin.project,
    agent: origin.agent,
    user: origin.user,
    parentId: rest === null ? null : rest.parentId,
    source: origin.source,
    externalId: rest === null ? null : rest.externalId,
    continues: rest === null ? null : rest.continues,
    metadata: rest === null ? {} : rest.metadata,
    owner: origin.owner,
    ...times,
    expiresAt: deadlineOf(times).at,
    clockOffsetMs: row.clockOffsetMs,
    revision: row.revision,
    state: end === null ? 'active' : 'ended',
    endedAt: end === null ? null : row.startedAt + end.afterMs,
    endReason: end === null ? null : end.reason,
    endNote: end === null ? null : end.note,
    entryCount: row.entryCount,
  };
}

function isEmpty(metadata: Session['metadata']): boolean {
  for (const _ in metadata) return false;
  return true;
}
