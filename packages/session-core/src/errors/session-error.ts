import type { EndReason } from '../session/end-reason.ts';

/** Every code that an error of this package can carry. Branch on the code, never on the message. */
export const SESSION_ERROR_CODES = [
  /** There is no session with this id. */
  'SESSION_NOT_FOUND',
  /** The session has ended; see `reason`. */
  'SESSION_ENDED',
  /** What was to be purged is still active; see `sessionId`. */
  'SESSION_ACTIVE',
  /** An active session of the same owner has this `source` and `externalId`; see `sessionId`. */
  'EXTERNAL_ID_IN_USE',
  /** An option or argument is missing, of the wrong type or outside its bounds; see `path`. */
  'INVALID_OPTIONS',
  /** A journal entry cannot be stored as it is; see `path`. */
  'INVALID_ENTRY',
  /** The idempotency key was used in this session with other content. */
  'IDEMPOTENCY_CONFLICT',
  /** A session was to be created by an end handler, a sweep or a close. */
  'CREATION_DURING_CLEANUP',
  /** Too many sessions are active; see `retryAfterMs`. */
  'SESSION_QUOTA',
  /** Sessions are started too fast; see `retryAfterMs`. */
  'SESSION_RATE',
  /** The cursor is older than what the event log keeps, or belongs to another store. */
  'CURSOR_EXPIRED',
  /** The manager has been closed. */
  'MANAGER_CLOSED',
  /** The store has not been opened or has been closed. */
  'STORE_CLOSED',
  /** The database was made by a newer version that this one does not understand. */
  'STORE_SCHEMA_TOO_NEW',
  /** The file is no SQLite database, or is damaged so that SQLite does not know it. */
  'STORE_NOT_A_DATABASE',
  /** The file is the database of another program. */
  'STORE_FOREIGN_DATABASE',
  /** The database is damaged. */
  'STORE_CORRUPT',
  /** The file or its folder cannot be opened. */
  'STORE_UNREADABLE',
  /** The file is on a network file system, where SQLite is not safe. */
  'STORE_NETWORK_FILE_SYSTEM',
  /** The store cannot be written. */
  'STORE_READ_ONLY',
  /** Another process held the database for longer than the bounded retry. */
  'STORE_BUSY',
  /** The disk is full. */
  'STORE_FULL',
  /** This SQLite can damage a database that several processes write. */
  'STORE_SQLITE_TOO_OLD',
  /** The store failed in another way; see `cause`. */
  'STORE_FAILED',
] as const;

export type SessionErrorCode = (typeof SESSION_ERROR_CODES)[number];

export interface SessionErrorDetail {
  readonly cause?: unknown;
  /** The session that the error is about. */
  readonly sessionId?: string | undefined;
  /** Why it ended, with `SESSION_ENDED`. */
  readonly reason?: EndReason | undefined;
  /** Which option or field is wrong, such as `idleTtlMs` or `data.items.3`. */
  readonly path?: string | undefined;
  /** When it makes sense to try again. */
  readonly retryAfterMs?: number | undefined;
}

const marker = Symbol.for('@endwell/session-core/error');

/** The base class of every error that this package throws. */
export class SessionError extends Error {
  override readonly name: string = 'SessionError';
  readonly code: SessionErrorCode;
  readonly sessionId: string | undefined;
  readonly reason: EndReason | undefined;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly [marker]: true = true;

  constructor(code: SessionErrorCode, message: string, detail: SessionErrorDetail = {}) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.sessionId = detail.sessionId;
    this.reason = detail.reason;
    this.path = detail.path;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** True for an error of this package, also when two copies of the package are loaded. */
export function isSessionError(value: unknown): value is SessionError {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
