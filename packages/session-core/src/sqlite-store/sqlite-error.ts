import { isProcGuardError } from '@endwell/proc-guard';

import { isSessionError, SessionError, type SessionErrorCode } from '../errors/session-error.ts';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const busy = 5;
const locked = 6;
const byResultCode: ReadonlyMap<number, readonly [SessionErrorCode, string]> = new Map([
  [busy, ['STORE_BUSY', 'another process held the database for too long']],
  [locked, ['STORE_BUSY', 'the database is locked']],
  [8, ['STORE_READ_ONLY', 'the database cannot be written']],
  [11, ['STORE_CORRUPT', 'the database is damaged']],
  [13, ['STORE_FULL', 'the disk is full']],
  [14, ['STORE_UNREADABLE', 'the database cannot be opened']],
  [23, ['CREATION_DURING_CLEANUP', 'a sweep cannot create sessions']],
  [26, ['STORE_NOT_A_DATABASE', 'the file is no SQLite database']],
]);

const bySystemCode: ReadonlyMap<string, readonly [SessionErrorCode, string]> = new Map([
  ['EACCES', ['STORE_UNREADABLE', 'access is denied']],
  ['EPERM', ['STORE_UNREADABLE', 'access is denied']],
  ['ENOENT', ['STORE_UNREADABLE', 'it does not exist']],
  ['ENOTDIR', ['STORE_UNREADABLE', 'part of the path is a file']],
  ['EEXIST', ['STORE_UNREADABLE', 'part of the path is a file']],
  ['EISDIR', ['STORE_UNREADABLE', 'it is a folder']],
  ['ELOOP', ['STORE_UNREADABLE', 'its symbolic links form a loop']],
  ['EROFS', ['STORE_READ_ONLY', 'the file system is read-only']],
  ['ENOSPC', ['STORE_FULL', 'the disk is full']],
  ['EIO', ['STORE_FAILED', 'the disk has failed']],
  ['EDQUOT', ['STORE_FULL', 'the disk quota is used up']],
]);

/** The low byte of an extended result code is the primary one. */
function resultCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = resultCode(error);
  return code === busy || code === locked;
}

/** Turns what SQLite or the file system threw into the store's error; a defect of ours stays what it is. */
export function toStoreError(error: unknown, path: string): unknown {
  if (isSessionError(error) || !(error instanceof Error)) return error;
  if (isProcGuardError(error)) {
    return error.code === 'RETRY_EXHAUSTED' ? toStoreError(error.cause, path) : error;
  }
  const code = resultCode(error);
  const system = (error as NodeJS.ErrnoException).code;
  const known =
    code === undefined ? bySystemCode.get(typeof system === 'string' ? system : '') : byResultCode.get(code);
  if (known !== undefined) {
    return new SessionError(known[0], `cannot use ${path}: ${known[1]}`, { cause: error, path });
  }
  if (code === undefined) return error;
  return new SessionError('STORE_FAILED', `cannot use ${path}: ${error.message}`, { cause: error, path });
}
