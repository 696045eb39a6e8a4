import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

import { DiaryError } from '../errors/diary-error.ts';

/** A settings file as it is; text null where there is none. */
export interface SettingsFile {
  readonly path: string;
  readonly text: string | null;
}

/** What was done to a settings file, so that it can be undone to the byte. */
export interface SettingsRecord {
  readonly path: string;
  /** Where its first content is kept; null when the file was made by us. */
  readonly backup: string | null;
  readonly writtenHash: string;
}

/** @throws DiaryError `SETTINGS_UNREADABLE` */
export function readSettings(path: string): SettingsFile {
  try {
    // A dotfiles manager may have put a link there. `fatal` refuses what could not be written back to the byte.
    const real = realpathSync(path);
    const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(readFileSync(real));
    return { path: real, text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, text: null };
    throw unusable('SETTINGS_UNREADABLE', path, 'read', error);
  }
}

/**
 * Keeps the first content, then replaces the file as a whole: there is no moment in which it is half written
 * or could not be undone.
 *
 * @throws DiaryError `SETTINGS_UNWRITABLE`
 */
export function writeSettings(home: string, file: SettingsFile, text: string): void {
  try {
    const earlier = readSettingsRecord(home, file.path);
    const isOurs = earlier !== undefined && file.text !== null && earlier.writtenHash === hashOf(file.text);
    const backup = isOurs ? earlier.backup : keepBackup(home, file);
    // Its owner may write it at any time, and what it wrote is not ours to lose.
    if (readSettings(file.path).text !== file.text) throw new Error('it was changed meanwhile');
    replaceFile(file.path, text);
    writePrivately(
      recordPath(home, file.path),
      JSON.stringify({ path: file.path, backup, writtenHash: hashOf(text) }),
    );
  } catch (error) {
    throw unusable('SETTINGS_UNWRITABLE', file.path, 'written', error);
  }
}

/**
 * Takes our part of a file back: to the byte where nobody has changed it since, else as `text` says.
 *
 * @throws DiaryError `SETTINGS_UNWRITABLE`
 */
export function restoreSettings(home: string, file: SettingsFile, text: string): void {
  try {
    const record = readSettingsRecord(home, file.path);
    const isUntouched =
      record !== undefined && file.text !== null && record.writtenHash === hashOf(file.text);
    if (isUntouched && record.backup === null) rmSync(file.path);
    else
      replaceFile(
        file.path,
        isUntouched && record.backup !== null ? readFileSync(record.backup, 'utf8') : text,
      );
    if (record === undefined) return;
    rmSync(recordPath(home, file.path), { force: true });
    if (record.backup !== null) rmSync(record.backup, { force: true });
  } catch (error) {
    throw unusable('SETTINGS_UNWRITABLE', file.path, 'written', error);
  }
}

/** The folder of the records and backups; for the user only, because settings can hold secrets. */
export function settingsRecordFolder(home: string): string {
  return join(home, 'agent-settings');
}

function readSettingsRecord(home: string, path: string): SettingsRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(home, path), 'utf8')) as SettingsRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function keepBackup(home: string, { path, text }: SettingsFile): string | null {
  if (text === null) return null;
  const backup = join(
    settingsRecordFolder(home),
    `${hashOf(path).slice(0, 12)}-${hashOf(text).slice(0, 12)}-${basename(path)}`,
  );
  writePrivately(backup, text);
  return backup;
}

function recordPath(home: string, path: string): string {
  return join(settingsRecordFolder(home), `${hashOf(path).slice(0, 12)}.record`);
}

function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    chmodSync(draft, mode & 0o777);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function unusable(
  code: 'SETTINGS_UNREADABLE' | 'SETTINGS_UNWRITABLE',
  path: string,
  done: string,
  cause: unknown,
): DiaryError {
  return new DiaryError(code, `${path} cannot be ${done}: ${(cause as Error).message}.`, { cause });
}
