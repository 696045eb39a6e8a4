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
  readonly version: 1;
  readonly path: string;
  readonly original: string;
  /** Of the text that was written. */
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

export function readWrapRecord(folder: string, path: string): WrapRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(folder, path), 'utf8')) as WrapRecord;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Settings hold secrets in `env`, so the record is for the user only. */
export function writeWrapRecord(folder: string, record: WrapRecord): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(recordPath(folder, record.path), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

export function removeWrapRecord(folder: string, path: string): void {
  rmSync(recordPath(folder, path), { force: true });
}
