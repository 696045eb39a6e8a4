import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { DiaryError } from '../errors/diary-error.ts';
import { NO_PRIVACY_RULES, type Pause, type PrivacyRules } from './privacy-rules.ts';

/**
 * The rules are a file beside the database, not a table in it: they are asked before anything is opened, they
 * hold where the database is full, locked or damaged, and a person can read and correct them.
 */
export function privacyFile(databasePath: string): string {
  return join(dirname(databasePath), 'privacy.json');
}

/**
 * @throws DiaryError `PRIVACY_UNREADABLE` when the file is there and cannot be understood: whoever records has
 * to stop then, because nobody knows what was to be left out
 */
export function readPrivacyRules(databasePath: string): PrivacyRules {
  const path = privacyFile(databasePath);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return NO_PRIVACY_RULES;
    throw unreadable(path, (error as Error).message, error);
  }
  try {
    return parseRules(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, (error as Error).message, error);
  }
}

/** Replaces the file as a whole, so that a reader never sees half of it. */
export function writePrivacyRules(databasePath: string, rules: PrivacyRules): void {
  const path = privacyFile(databasePath);
  const draft = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(rules, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new DiaryError('PRIVACY_UNWRITABLE', `${path} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function parseRules(value: unknown): PrivacyRules {
  const { exclude = [], pauses = [] } = value as { exclude?: unknown; pauses?: unknown };
  if (!Array.isArray(exclude) || !exclude.every((glob) => typeof glob === 'string'))
    throw new TypeError('"exclude" must be a list of globs');
  if (!Array.isArray(pauses) || !pauses.every(isPause))
    throw new TypeError('"pauses" must be a list of {"from", "to"} in milliseconds');
  return { exclude, pauses };
}

function isPause(value: unknown): value is Pause {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to } = value as { from?: unknown; to?: unknown };
  return typeof from === 'number' && (to === null || typeof to === 'number');
}

function unreadable(path: string, why: string, cause: unknown): DiaryError {
  return new DiaryError(
    'PRIVACY_UNREADABLE',
    `${path} cannot be understood (${why}), so nothing is recorded: correct or remove it.`,
    { cause },
  );
}
