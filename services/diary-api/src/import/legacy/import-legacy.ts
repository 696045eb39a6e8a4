import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ImportOptions, NewEntry, SessionManager } from '@endwell/session-core';

import { DiaryError } from '../../errors/diary-error.ts';
import { fitEntry } from '../transcript/fit-entry.ts';
import { type LegacySession, legacySessionSchema } from './legacy-session.ts';
import { type MergedSession, mergeCopies } from './merge-copies.ts';

const LEGACY_SOURCE = 'legacy-session-logger';

export interface LegacyImportReport {
  readonly files: readonly string[];
  readonly sessions: number;
  readonly entries: number;
  /** How many of them were not in the store yet. */
  readonly added: number;
  /** Removed after their content was in the store. */
  readonly removed: readonly string[];
  /** Left where they are, and why. */
  readonly kept: readonly { readonly path: string; readonly reason: string }[];
}

export interface ImportLegacyOptions {
  readonly manager: SessionManager;
  /** The files of the old system; one that is not there is passed over. */
  readonly paths: readonly string[];
  /** Removes each file once its sessions are in the store. @defaultValue false */
  readonly remove?: boolean | undefined;
}

/** Where the old system kept its three copies, seen from a folder. */
export function legacyFiles(folder: string): string[] {
  return [
    join(tmpdir(), 'fk2_session_backup.json'),
    join(folder, 'logs', 'current_session.json'),
    join(folder, '.claude', 'session_backup.json'),
  ];
}

/**
 * Stores the sessions of the old logger as ended ones, the copies of a session merged by the union of their
 * actions. A file is removed only after all that it holds is committed, and only when it is still what was read.
 *
 * @throws DiaryError `IMPORT_UNREADABLE`, `IMPORT_WRONG_FORMAT`; nothing is removed then
 */
export async function importLegacy(options: ImportLegacyOptions): Promise<LegacyImportReport> {
  const { manager, paths } = options;
  const files = [...new Set(paths)].flatMap((path) => readIfThere(path) ?? []);
  const sessions = mergeCopies(files.flatMap((file) => parseFile(file)));
  let entries = 0;
  let added = 0;
  for (const session of sessions) {
    const history = toHistory(session, Math.max(...files.map(({ changedAt }) => changedAt)));
    const result = await manager.importSession(history);
    entries += history.entries.length;
    added += result.added;
  }
  const removed: string[] = [];
  const kept: { path: string; reason: string }[] = [];
  for (const file of options.remove === true ? files : []) {
    if (readIfThere(file.path)?.text !== file.text) {
      kept.push({ path: file.path, reason: 'it was changed meanwhile: something still writes it' });
      continue;
    }
    rmSync(file.path);
    removed.push(file.path);
  }
  return { files: files.map(({ path }) => path), sessions: sessions.length, entries, added, removed, kept };
}

interface LegacyFile {
  readonly path: string;
  readonly text: string;
  readonly changedAt: number;
}

function readIfThere(path: string): LegacyFile | undefined {
  try {
    return { path, text: readFileSync(path, 'utf8'), changedAt: Math.floor(statSync(path).mtimeMs) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DiaryError('IMPORT_UNREADABLE', `${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function parseFile({ path, text }: LegacyFile): LegacySession[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map((one) => legacySessionSchema.parse(one));
  } catch (error) {
    throw new DiaryError(
      'IMPORT_WRONG_FORMAT',
      `${path} is no session file of the old logger, and was left as it is.`,
      {
        cause: error,
      },
    );
  }
}

function toHistory(session: MergedSession, fallbackTime: number): ImportOptions {
  const times = session.actions.flatMap(({ timestamp }) => timestamp ?? []);
  const startedAt = Math.min(
    session.start_time ?? Infinity,
    ...times,
    session.start_time === null ? fallbackTime : Infinity,
  );
  const endedAt = Math.max(startedAt, session.end_time ?? 0, session.last_checkpoint ?? 0, ...times);
  return {
    kind: 'agent',
    source: LEGACY_SOURCE,
    externalId: limited(session.session_id, 512) ?? session.session_id,
    project: limited(session.project, 1024),
    agent: limited(session.agent_type, 256),
    user: limited(session.user_id, 256),
    metadata: { recoveryCount: session.recovery_count ?? 0, hadEnd: session.end_time !== null },
    startedAt: Number.isFinite(startedAt) ? startedAt : fallbackTime,
    endedAt: Number.isFinite(startedAt) ? endedAt : fallbackTime,
    entries: [...contextEntry(session), ...session.actions.map(actionEntry)],
  };
}

function contextEntry({ context }: MergedSession): NewEntry[] {
  const isEmpty =
    context == null || context === '' || (typeof context === 'object' && Object.keys(context).length === 0);
  if (isEmpty) return [];
  const text = typeof context === 'string' ? context : 'Context of the session';
  return [fitEntry({ type: 'event', text, data: { context }, idempotencyKey: 'context', occurredAt: null })];
}

function actionEntry(action: MergedSession['actions'][number]): NewEntry {
  return fitEntry({
    type: 'action',
    text: action.description ?? action.action_type ?? 'An action',
    data: {
      action: action.action_type ?? 'action',
      ...(action.details === undefined ? {} : { details: action.details }),
      ...(action.files_affected == null || action.files_affected.length === 0
        ? {}
        : { files: action.files_affected }),
      ...(action.success == null ? {} : { success: action.success }),
    },
    idempotencyKey: action.key,
    occurredAt: action.timestamp ?? null,
  });
}

/** The store takes no more, and no empty text. */
function limited(text: string | null | undefined, length: number): string | null {
  const taken = (text ?? '').slice(0, length).toWellFormed().replaceAll('\u0000', '\ufffd');
  return taken === '' ? null : taken;
}
