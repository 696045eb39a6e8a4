import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { errnoCode } from '../errors/errno-code.ts';
import { ProcGuardError } from '../errors/proc-guard-error.ts';

/** How one server's command line was written before, and what it means now. */
export interface WrappedServer {
  readonly path: readonly string[];
  /** The texts of the values as they stood in the file; `args` is null where there were none. */
  readonly before: { readonly command: string; readonly args: string | null };
  readonly after: { readonly command: string; readonly args: readonly string[] };
}

/** What is needed to undo: the file as it was, and each server for when the rest has changed since. */
export interface WrapRecord {
  readonly path: string;
  readonly original: string;
  /** Where the original is kept, as a file that a person can copy back. */
  readonly backupPath: string;
  /** Of the text that was written. */
  readonly wrappedHash: string;
  readonly servers: readonly WrappedServer[];
}

/** The part that is kept beside the backup. */
interface StoredRecord {
  readonly version: 1;
  readonly path: string;
  readonly wrappedHash: string;
  readonly servers: readonly WrappedServer[];
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where records are kept: `$ENDWELL_HOME`, else the state folder of the user. */
export function recordFolder(env: NodeJS.ProcessEnv): string {
  const home =
    env['ENDWELL_HOME'] ?? join(env['XDG_STATE_HOME'] ?? join(homeOf(env), '.local/state'), 'endwell');
  return join(home, 'wrapped-settings');
}

export function homeOf(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] ?? env['USERPROFILE'];
  if (home === undefined || home === '') throw new ProcGuardError('USAGE', 'HOME is not set');
  return home;
}

const recordPath = (folder: string, path: string): string =>
  join(folder, `${hashText(path).slice(0, 32)}.json`);

export const backupPathOf = (folder: string, path: string): string =>
  join(folder, `${hashText(path).slice(0, 32)}.original`);

export function readWrapRecord(folder: string, path: string): WrapRecord | undefined {
  let stored: StoredRecord;
  try {
    stored = JSON.parse(readFileSync(recordPath(folder, path), 'utf8')) as StoredRecord;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const backupPath = backupPathOf(folder, path);
  const { wrappedHash, servers } = stored;
  return { path, original: readFileSync(backupPath, 'utf8'), backupPath, wrappedHash, servers };
}

/** Settings hold secrets in `env`, so both files are for the user only. */
export function writeWrapRecord(folder: string, record: WrapRecord): void {
  const { path, original, backupPath, wrappedHash, servers } = record;
  const stored: StoredRecord = { version: 1, path, wrappedHash, servers };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The record last: where there is one, there is its backup.
  writeFileSync(backupPath, original, { mode: 0o600 });
  writeFileSync(recordPath(folder, path), `${JSON.stringify(stored)}\n`, { mode: 0o600 });
}

export function removeWrapRecord(folder: string, path: string): void {
  rmSync(recordPath(folder, path), { force: true });
  rmSync(backupPathOf(folder, path), { force: true });
}
