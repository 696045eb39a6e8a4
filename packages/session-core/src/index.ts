export type { AgreeOnClock, Clock, ClockProposal, ClockTimer } from './clock/clock.ts';
export { systemClock } from './clock/steady-clock.ts';
export { isSessionError, SESSION_ERROR_CODES, SessionError } from './errors/session-error.ts';
export type { SessionErrorCode, SessionErrorDetail } from './errors/session-error.ts';
export type { Logger } from './logging/logger.ts';
export { createSessionManager } from './manager/create-session-manager.ts';
export type { ExportFilter, ExportItem } from './manager/export-sessions.ts';
export type { RetentionOptions } from './manager/retention.ts';
export type { ManagerEmitter, ManagerEvents, Subscription } from './manager/manager-events.ts';
export type {
  EndOptions,
  EntriesOptions,
  ImportOptions,
  ListOptions,
  PurgeOptions,
  LiveRecordResult,
  RecordByExternalIdOptions,
  SessionManager,
  SessionManagerOptions,
  SessionQuotas,
  StartOptions,
  StartRate,
  WatchOptions,
} from './manager/session-manager.ts';
export { memoryStore } from './memory-store/memory-store.ts';
export type { Telemetry, TelemetryMeter, TelemetrySpan, TelemetryTracer } from './telemetry/telemetry.ts';
export { settleEndReason } from './owner/settle-end-reason.ts';
export { createRedactor } from './redaction/create-redactor.ts';
export type { Redactor, RedactorOptions } from './redaction/create-redactor.ts';
export { REDACTION_KINDS } from './redaction/redaction-kind.ts';
export type { RedactionKind, RedactionMatch } from './redaction/redaction-kind.ts';
export type {
  SearchFilter,
  SearchHit,
  SearchOptions,
  SearchOrder,
  SearchPage,
  SearchRequest,
  SnippetPart,
} from './search/search.ts';
export { CALLER_END_REASONS, END_REASONS } from './session/end-reason.ts';
export type { CallerEndReason, EndReason } from './session/end-reason.ts';
export type { Entry, NewEntry } from './session/entry.ts';
export type { PreparedEntry } from './session/prepared-entry.ts';
export { SESSION_EVENT_TYPES } from './session/session-event.ts';
export type { SessionEvent, SessionEventType } from './session/session-event.ts';
export type {
  EntrySchemas,
  JsonObject,
  MetadataSchema,
  SessionTypes,
  TypesOf,
  UntypedSessions,
} from './session/session-types.ts';
export type { Session, SessionOwner } from './session/session.ts';
export { projectOf } from './project/project-of.ts';
export type {
  Statistics,
  StatisticsGroup,
  StatisticsOptions,
  TimelineBucket,
} from './statistics/statistics.ts';
export { resolveDatabasePath } from './sqlite-store/resolve-database-path.ts';
export { sqliteStore } from './sqlite-store/sqlite-store.ts';
export type { SqliteStoreOptions } from './sqlite-store/sqlite-store.ts';
export type { LiveRecord } from './store/live-record-step.ts';
export type { StartLimits } from './store/start-limits.ts';
export type {
  EndStep,
  EntryQuery,
  ImportResult,
  ImportStep,
  IntegrityReport,
  ListPosition,
  LongStoreWork,
  OverdueResult,
  LifeEvents,
  PurgeOutcome,
  PurgeResult,
  PurgeTarget,
  RetentionCutoffs,
  RetentionResult,
  SessionCounts,
  SessionFilter,
  SessionStore,
  StepResult,
  StoreOutlook,
} from './store/session-store.ts';
