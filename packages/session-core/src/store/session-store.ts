import type { ClockProposal } from '../clock/clock.ts';
import type { SessionError } from '../errors/session-error.ts';
import type { EndReason } from '../session/end-reason.ts';
import type { Entry } from '../session/entry.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { JsonObject } from '../session/session-types.ts';
import type { Session } from '../session/session.ts';
import type { Statistics, StatisticsOptions } from '../statistics/statistics.ts';
import type { SearchPage, SearchRequest } from '../search/search.ts';
import type { LiveRecord } from './live-record-step.ts';
import type { StartLimits } from './start-limits.ts';

/** What one atomic step did. A refused step can still have ended an overdue session. */
export type StepResult<Value> = {
  /** The sessions that this step ended, in order: children before their parents. */
  readonly ended: readonly Session[];
} & ({ readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: SessionError });

export interface SessionFilter {
  /** @defaultValue 'all' */
  readonly state?: 'active' | 'ended' | 'all' | undefined;
  readonly project?: string | undefined;
  readonly agent?: string | undefined;
  readonly kind?: string | undefined;
  readonly source?: string | undefined;
  readonly externalId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly user?: string | undefined;
  /** The text form of the owner's identity. */
  readonly ownerIdentity?: string | undefined;
  /** Started at this time or later, in milliseconds since 1970. */
  readonly startedFrom?: number | undefined;
  /** Started before this time, in milliseconds since 1970. */
  readonly startedTo?: number | undefined;
  /** One past its deadline counts with the reason that it will be stored with. */
  readonly endReason?: EndReason | undefined;
}

/** The last session of the page before, in the order newest first. */
export interface ListPosition {
  readonly startedAt: number;
  readonly id: string;
}

export interface SessionCounts {
  readonly active: number;
  readonly ended: number;
  readonly entries: number;
  readonly byReason: Readonly<Record<EndReason, number>>;
}

export interface IntegrityReport {
  readonly ok: boolean;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** What a manager needs to know to wait for the next end. */
export interface StoreOutlook {
  /** When to look for overdue sessions next; null when none is active. */
  readonly nextCheckAt: number | null;
  /** The identities that own an active session. */
  readonly owners: readonly string[];
  /** Until when each owner that runs a manager is believed to live; null for one that nobody has asked. */
  readonly leases: ReadonlyMap<string, number | null>;
}

/** A session that is stored ended from the beginning. */
export interface ImportStep {
  readonly session: Session;
  /** Whether a session that is already there takes over the metadata. */
  readonly replacesMetadata: boolean;
  readonly entries: readonly PreparedEntry[];
}

export interface ImportResult<Metadata = JsonObject> {
  readonly session: Session<Metadata>;
  /** How many entries are new. */
  readonly added: number;
}

export interface OverdueResult {
  readonly ended: readonly Session[];
  /** The limit was reached: there may be more to look at. */
  readonly more: boolean;
}

export interface EndStep {
  readonly reason: EndReason;
  readonly note: string | null;
}

export interface EntryQuery {
  readonly after: number;
  readonly limit: number;
  readonly type?: string | undefined;
}

export interface LifeEvents {
  readonly events: readonly SessionEvent[];
  readonly cursor: string;
}

export interface StoreListener {
  /** There may be new events. */
  wake(): void;
  /** What other processes do may no longer be heard. */
  fail(error: unknown): void;
}

export type PurgeTarget =
  /** A session and whatever is below it. */
  | { readonly sessionId: string }
  /** Every session of a project, and whatever is below them. */
  | { readonly project: string }
  /** One entry, of which a tombstone stays. */
  | { readonly sessionId: string; readonly sequence: number };

export interface PurgeResult {
  /** How many sessions are gone. */
  readonly sessions: number;
  /** How many entries are gone. */
  readonly entries: number;
  /**
   * True when the file still holds what was purged, because somebody was reading all the time. It
   * goes with a later write, or when the database is next opened or closed.
   */
  readonly pending: boolean;
}

export interface PurgeOutcome extends PurgeResult {
  /** What the purge has ended. */
  readonly ended: readonly Session[];
}

/** What is older is dropped; null keeps everything. Milliseconds since 1970. */
export interface RetentionCutoffs {
  readonly endedBefore: number | null;
  readonly eventsBefore: number | null;
}

export interface RetentionResult {
  readonly sessions: number;
  readonly entries: number;
  readonly events: number;
}

/** What may take long on a large store, which the store does without holding the event loop. */
export interface LongStoreWork {
  /** Entries that contain what was asked for. */
  search(request: SearchRequest, now: number): Promise<SearchPage>;
  /**
   * Removes for good. Fails with `SESSION_ACTIVE` when a session is active and `endActive` is false, and
   * with `STORE_CLOSED` when the signal aborts before it is done; what is left then is whole.
   */
  purge(target: PurgeTarget, endActive: boolean, now: number, signal: AbortSignal): Promise<PurgeOutcome>;
  /** Drops what is older than it is to be kept. Stops at the signal as `purge` does. */
  retain(cutoffs: RetentionCutoffs, now: number, signal: AbortSignal): Promise<RetentionResult>;
  statistics(options: StatisticsOptions, now: number): Promise<Statistics>;
  integrityCheck(): Promise<IntegrityReport>;
}

/**
 * Tells the time, in milliseconds since 1970. A store asks when a step happens, inside its
 * transaction: the caller may have waited for the lock, or been stopped, since it called.
 */
export type Now = () => number;

/**
 * Where sessions are kept. Every method is one atomic step: it has happened as a whole or not
 * at all, also when the process is killed in the middle. A manager is the only caller.
 */
export interface SessionStore extends LongStoreWork {
  readonly name: string;
  readonly readOnly: boolean;
  /**
   * `machine`: all processes that use the store run on this machine, so that an owner from
   * another boot is dead. `network`: its owner may be on another machine.
   */
  readonly reach: 'machine' | 'network';
  /** Opens what has to be opened. Calls share one attempt; after a failure the next call tries again. */
  open(): Promise<void>;
  /** Ends the session's predecessor under the same external id when it has another owner. */
  start(build: (now: number) => Session, now: Now, limits: StartLimits): Promise<StepResult<Session>>;
  /** Records what is new under the session's external id; starts the session only when it is needed. */
  recordLive(
    build: (now: number) => Session,
    now: Now,
    entries: readonly PreparedEntry[],
    limits: StartLimits,
  ): Promise<StepResult<LiveRecord>>;
  /** Gives the clock anchor of the proposal's domain; the first proposal of a boot decides. */
  agreeOnClock(proposal: ClockProposal): Promise<number>;
  importSession(step: ImportStep, now: Now): Promise<StepResult<ImportResult>>;
  touch(id: string, now: Now): Promise<StepResult<Session>>;
  record(id: string, entries: readonly PreparedEntry[], now: Now): Promise<StepResult<Entry[]>>;
  end(id: string, step: EndStep, now: Now): Promise<StepResult<Session>>;
  /** Ends sessions that are past their deadline, the earliest first, about `limit` of them. */
  endOverdue(now: Now, limit: number): Promise<OverdueResult>;
  /** Ends sessions of this owner, about `limit` of them. */
  endOwner(
    identity: string,
    step: EndStep,
    now: Now,
    limit: number,
    when?: 'always' | 'lease-lapsed',
  ): Promise<readonly Session[]>;
  /** The lease of an owner; null when nobody has asked for it, undefined when it cannot give one. */
  lease(identity: string): Promise<number | null | undefined>;
  /**
   * Asks an owner for a sign of life until then, or gives it: only where it was not asked before,
   * or was. Wakes the listeners. False when nothing was changed.
   */
  setLease(identity: string, until: number, asked: boolean): Promise<boolean>;
  /** From now on the owner gives no sign of life, so that its silence says nothing. */
  dropLease(identity: string): Promise<void>;
  get(id: string, now: Now): Promise<Session | undefined>;
  list(filter: SessionFilter, after: ListPosition | null, limit: number, now: Now): Promise<Session[]>;
  entries(id: string, query: EntryQuery): Promise<Entry[]>;
  /** The events after a cursor, oldest first. Fails with `CURSOR_EXPIRED`. */
  events(after: string, limit: number): Promise<SessionEvent[]>;
  /**
   * The same without what was recorded, which says nothing of a session's life, and the cursor to go on from.
   * Fails with `CURSOR_EXPIRED`.
   */
  lifeEvents(after: string, limit: number): Promise<LifeEvents>;
  /** The cursor before the oldest event that is kept. */
  earliestCursor(): Promise<string>;
  /** The cursor of the newest event, `0` when there is none. */
  latestCursor(): Promise<string>;
  outlook(): Promise<StoreOutlook>;
  counts(now: Now): Promise<SessionCounts>;
  /** From when it resolves, tells the listener when there may be new events, whichever process wrote them. */
  subscribe(listener: StoreListener): Promise<() => void>;
  close(): Promise<void>;
}
