import type { ProcessIdentity } from '@endwell/proc-guard';

import type { Clock } from '../clock/clock.ts';
import type { Logger } from '../logging/logger.ts';
import type { CallerEndReason } from '../session/end-reason.ts';
import type { Entry, NewEntry } from '../session/entry.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { Redactor } from '../redaction/create-redactor.ts';
import type { SearchOptions, SearchPage } from '../search/search.ts';
import type {
  EntrySchemas,
  JsonObject,
  MetadataField,
  MetadataSchema,
  SessionTypes,
  UntypedEntries,
  UntypedMetadata,
  UntypedSessions,
} from '../session/session-types.ts';
import type { Session } from '../session/session.ts';
import type {
  ImportResult,
  IntegrityReport,
  PurgeResult,
  PurgeTarget,
  SessionCounts,
  SessionFilter,
  SessionStore,
} from '../store/session-store.ts';
import type { Statistics, StatisticsOptions } from '../statistics/statistics.ts';
import type { ExportFilter, ExportItem } from './export-sessions.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { RetentionOptions } from './retention.ts';
import type { ManagerEmitter } from './manager-events.ts';

export interface SessionManagerOptions<
  Metadata extends MetadataSchema = UntypedMetadata,
  Entries extends EntrySchemas = UntypedEntries,
> {
  readonly store: SessionStore;
  /**
   * The process whose death ends the sessions started here; null for none.
   *
   * @defaultValue this process
   */
  readonly owner?: ProcessIdentity | null | undefined;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  /** @defaultValue none */
  readonly logger?: Logger | undefined;
  /**
   * How long a session lives without activity; at most 7 days.
   *
   * @defaultValue 30 minutes
   */
  readonly idleTtlMs?: number | undefined;
  /**
   * How long a session lives at most; at most 30 days.
   *
   * @defaultValue 24 hours
   */
  readonly maxLifetimeMs?: number | undefined;
  /**
   * The schema of every session's `metadata`, which is also its type. What does not fit is refused
   * with `INVALID_OPTIONS`, and nothing is written. Sessions that other programs have put into the
   * store are read as they are.
   *
   * @defaultValue any JSON object
   */
  readonly metadata?: Metadata | undefined;
  /**
   * The types of entry that may be recorded, and the schema of the `data` of each. Another type is
   * refused with `INVALID_ENTRY`.
   *
   * @defaultValue any type, with any JSON object
   */
  readonly entries?: Entries | undefined;
  /**
   * Whether it ends what is overdue or has lost its owner, whoever started it. False for a process that lives
   * for a moment only, such as a hook: it opens faster, and leaves the ends to the next manager.
   *
   * @defaultValue true
   */
  readonly guard?: boolean | undefined;
  /**
   * Takes secrets out of texts, data, metadata and notes before they are stored; `false` switches that
   * off, which is logged as a warning. Names (kind, project, agent, user, source, external id) are stored
   * as they are. It is not asked for what has been stored before.
   *
   * @defaultValue `createRedactor()`
   */
  readonly redactor?: Redactor | false | undefined;
  /**
   * Spans and metrics for OpenTelemetry, by objects of its API.
   *
   * @defaultValue none, at no cost
   */
  readonly telemetry?: Telemetry | undefined;
  /**
   * How long what is over is kept. Nothing is dropped unless this says so, and what is dropped is logged.
   *
   * @defaultValue everything is kept
   */
  readonly retention?: RetentionOptions | undefined;
  /** Shown in logs. */
  readonly name?: string | undefined;
  /** How many sessions may be active. Imports are exempt: they are over from the beginning. */
  readonly quotas?: SessionQuotas | undefined;
  /**
   * How many overdue sessions are ended per second after the machine has slept, so that waking up
   * is no storm; at most a million. An end that somebody asks for does not wait.
   *
   * @defaultValue 1,000
   */
  readonly maxEndsPerSecond?: number | undefined;
  /** How fast sessions of one project may be started. */
  readonly startRate?: StartRate | undefined;
}

/** Each at most 10 million. Managers with different quotas on one store count the same sessions. */
export interface SessionQuotas {
  /** @defaultValue 100 */
  readonly perOwner?: number | undefined;
  /** Sessions without a project count together. @defaultValue 1,000 */
  readonly perProject?: number | undefined;
  /** @defaultValue 10,000 */
  readonly perStore?: number | undefined;
}

/** `burst` starts at once, then `perSecond`; a whole burst must come back within 10 minutes. */
export interface StartRate {
  /** @defaultValue 10 */
  readonly perSecond?: number | undefined;
  /** @defaultValue 50 */
  readonly burst?: number | undefined;
}

interface StartFields {
  /** What kind of session, such as `agent`; 1 to 64 characters. */
  readonly kind: string;
  readonly project?: string | null | undefined;
  readonly agent?: string | null | undefined;
  readonly user?: string | null | undefined;
  /** An active session; when it ends, this one ends too. */
  readonly parentId?: string | null | undefined;
  /** Goes together with `externalId`. */
  readonly source?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  /** @defaultValue the manager's */
  readonly owner?: ProcessIdentity | null | undefined;
  /** @defaultValue the manager's */
  readonly idleTtlMs?: number | undefined;
  /** @defaultValue the manager's */
  readonly maxLifetimeMs?: number | undefined;
}

/** What `start` takes. The metadata is plain JSON, at most 64 KiB. */
export type StartOptions<Types extends SessionTypes = UntypedSessions> = StartFields &
  MetadataField<Types['metadataIn']>;

/** What `start` takes, with the agent's own id and what is to be recorded under it. */
export type RecordByExternalIdOptions<Types extends SessionTypes = UntypedSessions> = StartOptions<Types> & {
  readonly source: string;
  readonly externalId: string;
  /** At least one. Each needs an `idempotencyKey`: that is how an entry is known again. */
  readonly entries: readonly NewEntry<Types>[];
};

export interface LiveRecordResult<Metadata = JsonObject> {
  readonly session: Session<Metadata>;
  /** A continuation was started. */
  readonly started: boolean;
  /** How many entries are new. */
  readonly added: number;
}

interface ImportFields {
  readonly kind: string;
  /** With `externalId`: how the same history is found again. */
  readonly source: string;
  readonly externalId: string;
  readonly project?: string | null | undefined;
  readonly agent?: string | null | undefined;
  readonly user?: string | null | undefined;
  /** A session, active or ended. One that was imported without a parent gets it; none is moved. */
  readonly parentId?: string | null | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A finished history. Its metadata replaces that of an earlier import, unless this history ends before it. */
export type ImportOptions<Types extends SessionTypes = UntypedSessions> = ImportFields &
  MetadataField<Types['metadataIn']> & {
    /** Each needs an `idempotencyKey`: that is how an entry is known on the next import. */
    readonly entries: readonly NewEntry<Types>[];
  };

export interface ListOptions extends SessionFilter {
  /** @defaultValue 50, at most 500 */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

export interface EntriesOptions {
  /** Only entries with a higher sequence number. */
  readonly after?: number | undefined;
  /** @defaultValue 100, at most 1000 */
  readonly limit?: number | undefined;
  readonly type?: string | undefined;
}

export interface PurgeOptions {
  /**
   * Ends what is still active, as `terminated`, instead of refusing.
   *
   * @defaultValue false
   */
  readonly endActive?: boolean | undefined;
}

export interface EndOptions {
  /** @defaultValue 'completed' */
  readonly reason?: CallerEndReason | undefined;
  /** For people; at most 1,000 characters. */
  readonly note?: string | null | undefined;
}

export interface WatchOptions {
  /**
   * A cursor, `now` for what happens from the call on, `start` for all that is kept.
   *
   * @defaultValue 'now'
   */
  readonly after?: string | undefined;
  /** Ends the iteration by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The one place where sessions start and end. It opens its store at the first call that needs
 * it. Methods fail with a `SessionError`.
 */
export interface SessionManager<Types extends SessionTypes = UntypedSessions> {
  /** What happened through this manager, in this process. */
  readonly events: ManagerEmitter<Types>;
  /**
   * Opens the store, ends what is overdue or has lost its owner, and from then on ends sessions
   * at their deadline and at their owner's death. Every other method does this first.
   */
  open(): Promise<void>;
  /** @throws SessionError `SESSION_QUOTA`, `SESSION_RATE`, `CREATION_DURING_CLEANUP`, `EXTERNAL_ID_IN_USE`, `SESSION_ENDED` (the parent), `INVALID_OPTIONS` */
  start(options: StartOptions<Types>): Promise<Session<Types['metadataOut']>>;
  /** Stores a finished history, or what is new of it. Importing again adds nothing. */
  importSession(options: ImportOptions<Types>): Promise<ImportResult<Types['metadataOut']>>;
  /**
   * Records what is new under an agent's own id, in one step: into the active session of the same
   * owner, else into a continuation that is started for it (which ends another owner's session as
   * `superseded`). An entry whose key any session with that id already has is skipped; when none
   * is left and no session of this owner is active, nothing is started or ended, and the session
   * that has them is the answer.
   *
   * @throws SessionError as `start` and `record`
   */
  recordByExternalId(
    options: RecordByExternalIdOptions<Types>,
  ): Promise<LiveRecordResult<Types['metadataOut']>>;
  get(id: string): Promise<Session<Types['metadataOut']>>;
  /** Newest first. */
  list(
    options?: ListOptions,
  ): Promise<{ readonly sessions: Session<Types['metadataOut']>[]; readonly nextCursor: string | null }>;
  children(id: string): Promise<Session<Types['metadataOut']>[]>;
  /** Counts as activity. */
  touch(id: string): Promise<Session<Types['metadataOut']>>;
  /** Appends to the journal; resolves when it is stored. All entries or none. Counts as activity. */
  record(id: string, entries: NewEntry<Types> | readonly NewEntry<Types>[]): Promise<Entry<Types>[]>;
  entries(
    id: string,
    options?: EntriesOptions,
  ): Promise<{ readonly entries: Entry<Types>[]; readonly nextAfter: number | null }>;
  /**
   * Finds entries by what they say, in all sessions.
   *
   * @throws SessionError `INVALID_OPTIONS`
   */
  search(options: SearchOptions): Promise<SearchPage<Types>>;
  /**
   * Removes a session and whatever is below it, all sessions of a project, or one entry, for good:
   * nothing of them is left in the store, nor in its files, unless the result says `pending`. A purged
   * entry leaves a tombstone, so that sequence numbers stay as they are. Others hear of it as
   * `session:purged`.
   *
   * @throws SessionError `SESSION_ACTIVE` unless `endActive` is set, `SESSION_NOT_FOUND`
   */
  purge(target: PurgeTarget, options?: PurgeOptions): Promise<PurgeResult>;
  /** @throws SessionError `SESSION_ENDED` when it has already ended */
  end(id: string, options?: EndOptions): Promise<Session<Types['metadataOut']>>;
  /** Ends a session by an operator's decision. */
  terminate(
    id: string,
    options?: { readonly note?: string | null | undefined },
  ): Promise<Session<Types['metadataOut']>>;
  /**
   * Ends what was started through this manager and is still active. A session whose owner turns
   * out to be dead within 50 ms ends with `owner_died`, whatever reason is given.
   */
  endOwned(options: EndOptions): Promise<Session<Types['metadataOut']>[]>;
  /** Ends what is past its deadline or has lost its owner. */
  sweep(): Promise<Session<Types['metadataOut']>[]>;
  /** The store's events, whichever process they come from. */
  watch(options?: WatchOptions): AsyncIterableIterator<SessionEvent>;
  /**
   * Sessions with their entries, for a copy or a report: each session, the newest first, then its
   * entries in order. It reads page by page as it is iterated, and leaves out what starts meanwhile.
   */
  exportSessions(
    filter?: ExportFilter,
  ): AsyncIterableIterator<ExportItem<Session<Types['metadataOut']>, Entry<Types>>>;
  /** @throws SessionError `INVALID_OPTIONS` */
  statistics(options: StatisticsOptions): Promise<Statistics>;
  counts(): Promise<SessionCounts>;
  integrityCheck(): Promise<IntegrityReport>;
  /** Releases everything and ends nothing: a session's end is its owner's, its deadline's or `endOwned`'s. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
