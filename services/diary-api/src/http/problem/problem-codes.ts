import type { SessionErrorCode } from '@endwell/session-core';

/** The codes that only the HTTP side knows; the others are session-core's. */
export const HTTP_PROBLEM_CODES = [
  'INVALID_REQUEST',
  'MALFORMED_BODY',
  'MALFORMED_URL',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'ROUTE_NOT_FOUND',
  'HOST_NOT_ALLOWED',
  'ORIGIN_NOT_ALLOWED',
  'UNAUTHENTICATED',
  'SCOPE_MISSING',
  'RATE_LIMITED',
  'ENTRY_NOT_FOUND',
  'PROJECT_NOT_FOUND',
  'REVISION_MISMATCH',
  'CONFIRMATION_REQUIRED',
  'PLAN_CHANGED',
  'REQUEST_IN_PROGRESS',
  'REQUEST_UNSETTLED',
  'INVALID_IMPORT',
  'PROCESSES_UNSUPPORTED',
  'TOO_MANY_STREAMS',
  'NOT_READY',
  'INTERNAL_ERROR',
] as const;

export type ProblemCode = (typeof HTTP_PROBLEM_CODES)[number] | SessionErrorCode;

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/**
 * The one table from codes to HTTP. A failure of the store is 503 where it may pass by itself, 507
 * where the disk is full, and 500 where somebody has to look.
 */
export const problemKinds: Readonly<Record<ProblemCode, ProblemKind>> = {
  INVALID_REQUEST: { status: 400, title: 'The request does not fit its schema' },
  MALFORMED_BODY: { status: 400, title: 'The body is not the JSON that it says it is' },
  MALFORMED_URL: { status: 400, title: 'The URL cannot be decoded' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'A body of this kind is not taken' },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is no such route' },
  HOST_NOT_ALLOWED: { status: 421, title: 'This server does not answer for that host' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'Another site may not use this server' },
  UNAUTHENTICATED: { status: 401, title: 'An access token is needed' },
  SCOPE_MISSING: { status: 403, title: 'The token may not do this' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  ENTRY_NOT_FOUND: { status: 404, title: 'There is no such entry' },
  PROJECT_NOT_FOUND: { status: 404, title: 'No session belongs to this project' },
  REVISION_MISMATCH: { status: 412, title: 'The session has changed' },
  CONFIRMATION_REQUIRED: { status: 428, title: 'What cannot be undone has to be confirmed' },
  PLAN_CHANGED: { status: 409, title: 'The processes are no longer those that were shown' },
  REQUEST_IN_PROGRESS: { status: 409, title: 'The same request is being answered' },
  REQUEST_UNSETTLED: { status: 409, title: 'Whether the request was done is not known' },
  INVALID_IMPORT: { status: 400, title: 'A line cannot be imported' },
  PROCESSES_UNSUPPORTED: { status: 501, title: 'Processes cannot be looked at here' },
  TOO_MANY_STREAMS: { status: 503, title: 'Too many event streams are open' },
  NOT_READY: { status: 503, title: 'Not ready' },
  INTERNAL_ERROR: { status: 500, title: 'The server failed' },
  SESSION_NOT_FOUND: { status: 404, title: 'There is no such session' },
  SESSION_ENDED: { status: 409, title: 'The session has ended' },
  SESSION_ACTIVE: { status: 409, title: 'The session is still active' },
  EXTERNAL_ID_IN_USE: { status: 409, title: 'An active session has this external id' },
  INVALID_OPTIONS: { status: 400, title: 'A value is not allowed' },
  INVALID_ENTRY: { status: 400, title: 'The entry cannot be stored as it is' },
  IDEMPOTENCY_CONFLICT: { status: 422, title: 'The idempotency key was used with other content' },
  CREATION_DURING_CLEANUP: { status: 503, title: 'Nothing is started while things end' },
  SESSION_QUOTA: { status: 429, title: 'Too many sessions are active' },
  SESSION_RATE: { status: 429, title: 'Sessions are started too fast' },
  CURSOR_EXPIRED: { status: 410, title: 'The cursor is too old' },
  MANAGER_CLOSED: { status: 503, title: 'The server is ending' },
  STORE_SCHEMA_TOO_NEW: { status: 500, title: 'A newer version made the database' },
  STORE_NOT_A_DATABASE: { status: 500, title: 'The store is no database' },
  STORE_FOREIGN_DATABASE: { status: 500, title: 'The store belongs to another program' },
  STORE_CORRUPT: { status: 500, title: 'The store is damaged' },
  STORE_UNREADABLE: { status: 500, title: 'The store cannot be opened' },
  STORE_NETWORK_FILE_SYSTEM: { status: 500, title: 'The store is on a network file system' },
  STORE_READ_ONLY: { status: 500, title: 'The store cannot be written' },
  STORE_BUSY: { status: 503, title: 'The store is busy' },
  STORE_FULL: { status: 507, title: 'The disk is full' },
  STORE_SQLITE_TOO_OLD: { status: 500, title: 'This SQLite is not safe to use' },
  STORE_CLOSED: { status: 503, title: 'The server is ending' },
  STORE_FAILED: { status: 500, title: 'The store failed' },
};
