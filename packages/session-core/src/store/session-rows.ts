import type { EndReason } from '../session/end-reason.ts';
import type { Entry } from '../session/entry.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { Session } from '../session/session.ts';
import type {
  EntryQuery,
  ListPosition,
  SessionCounts,
  SessionFilter,
  PurgeTarget,
  StoreOutlook,
} from './session-store.ts';

/** Within what active sessions are counted. */
export type ActiveScope = 'owner' | 'project' | 'store';

export interface StoredEntry {
  readonly entry: Entry;
  readonly contentHash: string | null;
}

/**
 * Plain reads and writes of a store that lives in this process, without any rule: the rules are
 * in the steps, which run inside one transaction.
 */
export interface SessionRows {
  find(id: string): Session | undefined;
  findActiveByExternalId(source: string, externalId: string): Session | undefined;
  /** The one that started last, of those with this reason or of all. */
  findLatestByExternalId(source: string, externalId: string, reason?: EndReason): Session | undefined;
  findActiveChildren(parentId: string): Session[];
  findActiveByOwner(identity: string, limit: number): Session[];
  /** Active sessions whose time to be looked at has come, the earliest first. */
  findDue(now: number, limit: number): Session[];
  /** How many sessions are stored as active; `key` is the owner's identity, the project or empty. */
  countActive(scope: ActiveScope, key: string): number;
  /** When to look for overdue sessions next, of one owner or of all; null when none is active. */
  nextCheckAt(owner: string | null): number | null;
  /** When a project may start a whole burst again; undefined when it may. */
  findStartsFullAt(project: string | null): number | undefined;
  storeStartsFullAt(project: string | null, fullAt: number, now: number): void;
  findClockAnchor(domain: string): number | undefined;
  /** Forgets the anchors of other boots. */
  storeClockAnchor(domain: string, bootId: string, anchorMs: number): void;
  /** The latest activity of an active session, on the clock of deadlines; null when none is active. */
  latestActivity(): number | null;
  /** Notes that an owner with an active session runs a manager; its lease is null until somebody asks. */
  registerLease(identity: string): void;
  /** Undefined for an owner that runs no manager or has no active session. */
  findLease(identity: string): number | null | undefined;
  storeLease(identity: string, until: number): void;
  dropLease(identity: string): void;
  insert(session: Session): void;
  /** Stores the end of a session that is active; throws when it is not. */
  markEnded(session: Session): void;
  /** Stores activity only: the time to look at the session is moved when it comes. */
  moveActivity(session: Session): void;
  postponeCheck(id: string, checkAt: number): void;
  /** Stores the new end, count, parent and metadata of an imported session. */
  extendImported(session: Session): void;
  findEntryByKey(sessionId: string, key: string): StoredEntry | undefined;
  hasKey(source: string, externalId: string, key: string): boolean;
  appendEntry(sessionId: string, sequence: number, entry: PreparedEntry, recordedAt: number): void;
  /** The target and everything below it, children before their parents. */
  findTree(target: PurgeTarget): { readonly id: string; readonly active: boolean }[];
  /** The ids of sessions that ended before, with nothing below them that has not; children before their parents. */
  findEndedBefore(at: number): string[];
  /** Replaces an entry's content by a tombstone; false when that has been done before. */
  buryEntry(sessionId: string, sequence: number, now: number): boolean;
  /** Removes the last entry of an ended session; false when it has none. */
  removeLastEntry(sessionId: string): boolean;
  /** Removes an ended session without entries. What continued it continues what it continued. */
  removeSession(id: string): void;
  /** Removes these sessions' events, except of their purge, among those with a cursor in the range. */
  removeEvents(ids: ReadonlySet<string>, after: number, upTo: number): void;
  appendEvent(event: Omit<SessionEvent, 'cursor'>): void;
  list(filter: SessionFilter, after: ListPosition | null, limit: number, now: number): Session[];
  entries(id: string, query: EntryQuery): Entry[];
  events(after: number, limit: number): SessionEvent[];
  /** The same without what was recorded. */
  lifeEvents(after: number, limit: number): SessionEvent[];
  /** The cursor of the last event that there ever was. */
  latestCursor(): number;
  /** The highest cursor that retention has dropped; 0 when it has dropped none. */
  droppedCursor(): number;
  outlook(): StoreOutlook;
  counts(now: number): SessionCounts;
}
