import { stat } from 'node:fs/promises';

import {
  type ImportOptions,
  type ImportResult,
  isSessionError,
  type SessionManager,
} from '@endwell/session-core';

import { findTranscripts } from './find-transcripts.ts';
import { readTranscript } from './read-transcript.ts';
import { transcriptEntries, type TranscriptEntryKind } from './transcript-entries.ts';
import { unwrapAgentProgress } from './transcript-line.ts';
import {
  observeLine,
  openTranscriptSession,
  sessionOfLine,
  toImportOptions,
  type TranscriptSession,
} from './transcript-session.ts';

export interface TranscriptImportReport {
  readonly files: number;
  readonly sessions: number;
  /** How many entries the files have, by kind. */
  readonly entriesByKind: Readonly<Partial<Record<TranscriptEntryKind, number>>>;
  /** How many lines the files have, by the type that they give themselves. */
  readonly linesByType: Readonly<Record<string, number>>;
  readonly entries: number;
  /** How many of them were not in the store yet. */
  readonly added: number;
  /** Lines that are no JSON object with a type, such as a last one that was cut off. */
  readonly unreadable: readonly { readonly path: string; readonly line: number }[];
  readonly imported: readonly ImportedSession[];
  /** The external ids of sessions that were recorded live, and are not taken in a second time. */
  readonly live: readonly string[];
}

export interface ImportedSession {
  readonly id: string;
  readonly externalId: string;
  readonly project: string | null;
  readonly entries: number;
  readonly added: number;
}

export interface ImportTranscriptsOptions {
  readonly manager: SessionManager;
  /** Files, or folders in which every `*.jsonl` is taken, at any depth. */
  readonly paths: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called before each file, for a person who waits. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/**
 * Stores the sessions of Claude Code's transcripts as ended ones, a sub-agent's as a session of its
 * own. An entry is known again by the line's uuid and the place of its block, so that importing
 * again adds only what is new.
 *
 * @throws DiaryError `IMPORT_UNREADABLE`; what was imported before stays
 */
export async function importTranscripts(options: ImportTranscriptsOptions): Promise<TranscriptImportReport> {
  const { manager, signal } = options;
  const entriesByKind: Partial<Record<TranscriptEntryKind, number>> = {};
  const linesByType: Record<string, number> = {};
  const unreadable: { path: string; line: number }[] = [];
  const imported: ImportedSession[] = [];
  const live: string[] = [];
  const files = await findTranscripts(options.paths);
  for (const path of files) {
    signal?.throwIfAborted();
    options.onFile?.(path);
    const sessions = new Map<string, TranscriptSession>();
    for await (const record of readTranscript(path)) {
      if (record.kind === 'unreadable') {
        unreadable.push({ path, line: record.number });
        continue;
      }
      linesByType[record.line.type] = (linesByType[record.line.type] ?? 0) + 1;
      const line = unwrapAgentProgress(record.line);
      const place = sessionOfLine(line);
      if (place === undefined) continue;
      const session =
        sessions.get(place.externalId) ?? openTranscriptSession(line, place.externalId, place.agentId);
      sessions.set(place.externalId, session);
      observeLine(session, line);
      for (const { kind, entry } of transcriptEntries(line, line.uuid ?? `line-${record.number}`)) {
        entriesByKind[kind] = (entriesByKind[kind] ?? 0) + 1;
        session.entries.push(entry);
      }
    }
    const { mtimeMs } = await stat(path);
    for (const session of sessions.values()) {
      // A session of bookkeeping alone is one that somebody opened and closed again.
      if (session.entries.length === 0) continue;
      signal?.throwIfAborted();
      const result = await importUnlessLive(manager, toImportOptions(session, Math.floor(mtimeMs)));
      if (result === undefined) {
        live.push(session.externalId);
        continue;
      }
      imported.push({
        id: result.session.id,
        externalId: session.externalId,
        project: session.project,
        entries: session.entries.length,
        added: result.added,
      });
    }
  }
  return {
    files: files.length,
    sessions: new Set(imported.map(({ externalId }) => externalId)).size,
    entriesByKind,
    linesByType,
    entries: imported.reduce((sum, { entries }) => sum + entries, 0),
    added: imported.reduce((sum, { added }) => sum + added, 0),
    unreadable,
    imported,
    live,
  };
}

async function importUnlessLive(
  manager: SessionManager,
  options: ImportOptions,
): Promise<ImportResult | undefined> {
  try {
    return await manager.importSession(options);
  } catch (error) {
    if (isSessionError(error) && error.code === 'EXTERNAL_ID_IN_USE') return undefined;
    throw error;
  }
}
