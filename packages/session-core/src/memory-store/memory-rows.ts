import { dueAt, presentSession } from '../session/session-state.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import { purgedKey } from '../session/purged-key.ts';
import type { Session } from '../session/session.ts';
import { toEntry } from '../session/to-entry.ts';
import { emptyCounts } from '../store/empty-counts.ts';
import type { SessionRows, StoredEntry } from '../store/session-rows.ts';
import type { SessionFilter } from '../store/session-store.ts';
import { createDeadlineHeap } from './deadline-heap.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createSessionTable, type SessionTable } from './session-table.ts';

export interface JournalLine {
  readonly prepared: PreparedEntry;
  readonly recordedAt: number;
  /** Rises with each entry of the store. */
  readonly order: number;
  readonly purgedAt: number | null;
}

export interface MemoryTables {
  readonly sessions: SessionTable;
  readonly journals: Map<string, JournalLine[]>;
  readonly events: EventLog;
  /** How many entries were ever recorded. */
  recorded: number;
  /** The cursor of the last event that there ever was. */
  cursor: number;
  /** The highest cursor that retention has dropped. */
  droppedCursor: number;
}

export function createMemoryTables(): MemoryTables {
  return {
    sessions: createSessionTable(),
    journals: new Map(),
    events: createEventLog(),
    recorded: 0,
    cursor: 0,
    droppedCursor: 0,
  };
}

/** The rows of a memory store. Steps check everything before they write, so that none is left half done. */
export function createMemoryRows(tables: MemoryTables): SessionRows {
  const { sessions, journals, events } = tables;
  const byExternalId = new Map<string, Set<string>>();
  const activeByParent = new Map<string, Set<string>>();
  const activeByOwner = new Map<string, Set<string>>();
  const activeByProject = new Map<string, number>();
  const startsFullAt = new Map<string, number>();
  const leases = new Map<string, number | null>();
  const clockAnchors = new Map<string, number>();
  let activeTotal = 0;
  const sequenceByKey = new Map<string, number>();
  const checks = createDeadlineHeap();

  /** Each active session is in the heap once, until its time comes. Drops those that have ended. */
  const earliestCheck = (): number | null => {
    for (let top = checks.peek(); top !== undefined; top = checks.peek()) {
      if (sessions.isActive(top.id)) return top.at;
      checks.pop();
    }
    return null;
  };
  const linked = function* (source: string, externalId: string): Generator<Session> {
    for (const id of byExternalId.get(join(source, externalId)) ?? []) {
      const session = sessions.get(id);
      if (session !== undefined) yield session;
    }
  };
  const countProject = (project: string | null, by: 1 | -1): void => {
    activeTotal += by;
    const count = (activeByProject.get(project ?? '') ?? 0) + by;
    if (count === 0) activeByProject.delete(project ?? '');
    else activeByProject.set(project ?? '', count);
  };
  const resolve = (ids: Iterable<string>): Session[] => [...ids].flatMap((id) => sessions.get(id) ?? []);
  const lineToEntry = (id: string, sequence: number): StoredEntry | undefined => {
    const line = journals.get(id)?.[sequence - 1];
    return line === undefined
      ? undefined
      : {
          entry: toEntry(id, sequence, line.prepared, line.recordedAt, line.purgedAt),
          contentHash: line.prepared.contentHash,
        };
  };

  const sequenceOf = (id: string, key: string): number | undefined =>
    sequenceByKey.get(join(id, key)) ?? sequenceByKey.get(join(id, purgedKey(key)));
  const forgetKey = (id: string, line: JournalLine | undefined): void => {
    const key = line?.prepared.idempotencyKey;
    if (key != null) sequenceByKey.delete(join(id, key));
  };

  return {
    find: (id) => sessions.get(id),
    findActiveByExternalId: (source, externalId) =>
      linked(source, externalId).find((session) => session.state === 'active'),
    findLatestByExternalId(source, externalId, reason) {
      const found = [...linked(source, externalId)].filter(
        (session) => reason === undefined || session.endReason === reason,
      );
      return found.toSorted(newestFirst)[0];
    },
    findActiveChildren: (parentId) => resolve(activeByParent.get(parentId) ?? []),
    findActiveByOwner: (identity, limit) =>
      resolve(new Set(activeByOwner.get(identity)).values().take(limit)),
    findDue(now, limit) {
      const due: Session[] = [];
      for (let at = earliestCheck(); at !== null && at <= now && due.length < limit; at = earliestCheck()) {
        const id = checks.pop()?.id ?? '';
        const session = sessions.get(id);
        if (session !== undefined) due.push(session);
      }
      return due;
    },
    countActive(scope, key) {
      if (scope === 'owner') return activeByOwner.get(key)?.size ?? 0;
      return scope === 'project' ? (activeByProject.get(key) ?? 0) : activeTotal;
    },
    nextCheckAt(owner) {
      if (owner === null) return earliestCheck();
      const times = resolve(activeByOwner.get(owner) ?? []).map(dueAt);
      return times.length === 0 ? null : Math.min(...times);
    },
    findStartsFullAt: (project) => startsFullAt.get(project ?? ''),
    storeStartsFullAt(project, fullAt, now) {
      // The oldest are at the front; what is full again need not be known.
      startsFullAt.delete(project ?? '');
      for (const [name, at] of startsFullAt) {
        if (at > now) break;
        startsFullAt.delete(name);
      }
      startsFullAt.set(project ?? '', fullAt);
    },
    findClockAnchor: (domain) => clockAnchors.get(domain),
    storeClockAnchor: (domain, _bootId, anchorMs) => void clockAnchors.set(domain, anchorMs),
    latestActivity() {
      let latest: number | null = null;
      for (const { state, lastActiveAt, clockOffsetMs } of sessions.values()) {
        if (state === 'active') latest = Math.max(latest ?? 0, lastActiveAt + clockOffsetMs);
      }
      return latest;
    },
    registerLease: (identity) => void leases.set(identity, leases.get(identity) ?? null),
    findLease: (identity) => leases.get(identity),
    storeLease: (identity, until) => void leases.set(identity, until),
    dropLease: (identity) => void leases.delete(identity),
    insert(session) {
      if (sessions.has(session.id)) throw new Error(`session ${session.id} exists`);
      sessions.set(session.id, session);
      if (session.source !== null && session.externalId !== null) {
        addTo(byExternalId, join(session.source, session.externalId), session.id);
      }
      if (session.state === 'ended') return;
      if (session.parentId !== null) addTo(activeByParent, session.parentId, session.id);
      if (session.owner !== null) addTo(activeByOwner, session.owner.identity, session.id);
      countProject(session.project, 1);
      checks.push({ at: dueAt(session), id: session.id });
    },
    markEnded(session) {
      if (!sessions.isActive(session.id)) throw new Error(`session ${session.id} is not active`);
      sessions.set(session.id, session);
      if (session.parentId !== null) removeFrom(activeByParent, session.parentId, session.id);
      if (session.owner !== null) {
        removeFrom(activeByOwner, session.owner.identity, session.id);
        if (!activeByOwner.has(session.owner.identity)) leases.delete(session.owner.identity);
      }
      countProject(session.project, -1);
    },
    moveActivity(session) {
      if (!sessions.isActive(session.id)) throw new Error(`session ${session.id} is not active`);
      sessions.moveActivity(session);
    },
    postponeCheck: (id, checkAt) => checks.push({ at: checkAt, id }),
    extendImported(session) {
      sessions.set(session.id, session);
    },
    findEntryByKey(sessionId, key) {
      const sequence = sequenceOf(sessionId, key);
      return sequence === undefined ? undefined : lineToEntry(sessionId, sequence);
    },
    hasKey: (source, externalId, key) =>
      linked(source, externalId).some((session) => sequenceOf(session.id, key) !== undefined),
    appendEntry(sessionId, sequence, prepared, recordedAt) {
      const lines = journals.get(sessionId) ?? [];
      if (lines.length !== sequence - 1) throw new Error(`sequence ${sequence} leaves a gap in ${sessionId}`);
      tables.recorded += 1;
      lines.push({ prepared, recordedAt, order: tables.recorded, purgedAt: null });
      journals.set(sessionId, lines);
      if (prepared.idempotencyKey !== null) {
        sequenceByKey.set(join(sessionId, prepared.idempotencyKey), sequence);
      }
    },
    findEndedBefore(at) {
      const needed = new Set<string>();
      const isOld = ({ id, endedAt }: Session): boolean =>
        endedAt !== null && endedAt < at && !needed.has(id);
      // Children come after their parents, so that from the end each is seen before its parent.
      const newestFirstAll = [...sessions.values()].toReversed();
      for (const session of newestFirstAll) {
        if (!isOld(session) && session.parentId !== null) needed.add(session.parentId);
      }
      return newestFirstAll.filter(isOld).map(({ id }) => id);
    },
    findTree(target) {
      const tree = new Map<string, boolean>();
      const add = (session: Session): void => {
        tree.delete(session.id);
        tree.set(session.id, session.state === 'active');
      };
      for (const session of sessions.values()) {
        if ('project' in target ? session.project === target.project : session.id === target.sessionId)
          add(session);
      }
      // Grows while it is gone through: what is found comes after its parent.
      for (const id of tree.keys()) {
        for (const child of sessions.values()) if (child.parentId === id) add(child);
      }
      return [...tree].map(([id, active]) => ({ id, active })).toReversed();
    },
    buryEntry(sessionId, sequence, now) {
      const lines = journals.get(sessionId);
      const line = lines?.[sequence - 1];
      if (lines === undefined || line === undefined || line.purgedAt !== null) return false;
      forgetKey(sessionId, line);
      const { idempotencyKey } = line.prepared;
      const key = idempotencyKey === null ? null : purgedKey(idempotencyKey);
      if (key !== null) sequenceByKey.set(join(sessionId, key), sequence);
      lines[sequence - 1] = {
        ...line,
        purgedAt: now,
        prepared: {
          type: 'purged',
          text: null,
          dataJson: null,
          idempotencyKey: key,
          contentHash: null,
          occurredAt: null,
        },
      };
      return true;
    },
    removeLastEntry(sessionId) {
      const session = sessions.get(sessionId);
      const line = journals.get(sessionId)?.pop();
      if (session === undefined || line === undefined) return false;
      forgetKey(sessionId, line);
      sessions.set(sessionId, { ...session, entryCount: session.entryCount - 1 });
      return true;
    },
    removeSession(id) {
      const session = sessions.get(id);
      if (session === undefined) return;
      sessions.delete(id);
      journals.delete(id);
      if (session.source !== null && session.externalId !== null) {
        removeFrom(byExternalId, join(session.source, session.externalId), id);
      }
      for (const other of sessions.values()) {
        if (other.continues === id) sessions.set(other.id, { ...other, continues: session.continues });
        else if (other.parentId === id) sessions.set(other.id, { ...other, parentId: null });
      }
    },
    removeEvents(ids, after, upTo) {
      events.remove(
        ({ cursor, type, sessionId }) =>
          type !== 'session:purged' && ids.has(sessionId) && Number(cursor) > after && Number(cursor) <= upTo,
      );
    },
    appendEvent(event) {
      tables.cursor += 1;
      events.append(tables.cursor, event);
    },
    list(filter, after, limit, now) {
      const found: Session[] = [];
      for (const stored of sessions.values()) {
        const session = presentSession(stored, now);
        if (!matches(session, filter)) continue;
        if (after === null || newestFirst(after, session) < 0) found.push(session);
      }
      return found.toSorted(newestFirst).slice(0, limit);
    },
    entries(id, { after, limit, type }) {
      const found = [];
      const { length } = journals.get(id) ?? [];
      for (let sequence = after + 1; sequence <= length && found.length < limit; sequence += 1) {
        const stored = lineToEntry(id, sequence);
        if (stored !== undefined && (type === undefined || stored.entry.type === type))
          found.push(stored.entry);
      }
      return found;
    },
    events: (after, limit) => events.after(after, limit),
    lifeEvents: (after, limit) => events.lifeAfter(after, limit),
    latestCursor: () => tables.cursor,
    droppedCursor: () => tables.droppedCursor,
    outlook: () => ({
      nextCheckAt: earliestCheck(),
      owners: [...activeByOwner.keys()],
      leases: new Map(leases),
    }),
    counts(now) {
      const counts = emptyCounts();
      for (const stored of sessions.values()) {
        const session = presentSession(stored, now);
        counts.entries += session.entryCount;
        if (session.endReason === null) counts.active += 1;
        else {
          counts.ended += 1;
          counts.byReason[session.endReason] += 1;
        }
      }
      return counts;
    },
  };
}

function matches(session: Session, filter: SessionFilter): boolean {
  const { state = 'all', ownerIdentity, startedFrom, startedTo, ...fields } = filter;
  if (state !== 'all' && session.state !== state) return false;
  if (ownerIdentity !== undefined && session.owner?.identity !== ownerIdentity) return false;
  if (startedFrom !== undefined && session.startedAt < startedFrom) return false;
  if (startedTo !== undefined && session.startedAt >= startedTo) return false;
  return (Object.keys(fields) as (keyof typeof fields)[]).every(
    (name) => fields[name] === undefined || session[name] === fields[name],
  );
}

function newestFirst(
  left: Pick<Session, 'startedAt' | 'id'>,
  right: Pick<Session, 'startedAt' | 'id'>,
): number {
  if (left.startedAt !== right.startedAt) return right.startedAt - left.startedAt;
  return left.id < right.id ? 1 : left.id > right.id ? -1 : 0;
}

/** No name or id contains NUL, so that two pairs never give the same text. */
function join(left: string, right: string): string {
  return `${left}\0${right}`;
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
