import { stat } from 'node:fs/promises';

import type { SessionManager } from '@endwell/session-core';

import { NO_PRIVACY_RULES, type PrivacyRules } from '../../privacy/privacy-rules.ts';
import { findTranscripts } from './find-transcripts.ts';
import { scanTranscript } from './scan-transcript.ts';
import { createSessionImporter } from './session-importer.ts';
import type { TranscriptEntryKind } from './transcript-reader.ts';

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
  /** Entries that the privacy rules kept out. */
  readonly withheld: number;
  /** Lines that are no JSON object with a type, such as a last one that was cut off. */
  readonly unreadable: readonly { readonly path: string; readonly line: number }[];
  /** Files in which no line is one that a coding agent writes. Nothing of them is taken. */
  readonly notTranscripts: readonly string[];
  readonly imported: readonly ImportedSession[];
  /** The external ids of sessions that are being recorded live, and are not taken in a second time. */
  readonly live: readonly string[];
}

export interface ImportedSession {
  readonly id: string;
  readonly externalId: string;
  readonly project: string | null;
  readonly entries: number;
  readonly added: number;
}

export interface ImportProgress {
  readonly path: string;
  readonly file: number;
  readonly files: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportTranscriptsOptions {
  readonly manager: SessionManager;
  /** Files, or folders in which every `*.jsonl` is taken, at any depth. */
  readonly paths: readonly string[];
  /** What is left out. @defaultValue nothing */
  readonly privacy?: PrivacyRules | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as it goes on, for a person who waits. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/**
 * Stores the sessions of Claude Code's and Codex's transcripts as ended ones, a sub-agent's as a child of its
 * own. An entry is known again by its line and its place in it, so that importing again adds only what is new.
 * What is missing of a session that was recorded live and has ended becomes an ended continuation of it.
 *
 * @throws DiaryError `IMPORT_UNREADABLE`; what was imported before stays
 */
export async function importTranscripts(options: ImportTranscriptsOptions): Promise<TranscriptImportReport> {
  const { manager, signal, privacy = NO_PRIVACY_RULES } = options;
  const entriesByKind: Partial<Record<TranscriptEntryKind, number>> = {};
  const linesByType: Record<string, number> = {};
  const unreadable: { path: string; line: number }[] = [];
  const notTranscripts: string[] = [];
  const importer = createSessionImporter(manager);
  const files = await findTranscripts(options.paths);
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  let withheld = 0;
  for (const [index, { path }] of files.entries()) {
    signal?.throwIfAborted();
    const report = (): void =>
      options.onProgress?.({ path, file: index + 1, files: files.length, bytes, totalBytes });
    report();
    const { mtimeMs } = await stat(path);
    const result = await scanTranscript({
      path,
      privacy,
      signal,
      onBytes: (count) => {
        bytes += count;
        report();
      },
      store: (sessions) => importer.store(sessions, Math.floor(mtimeMs)),
    });
    if (!result.isTranscript) {
      notTranscripts.push(path);
      continue;
    }
    addCounts(entriesByKind, result.entriesByKind);
    addCounts(linesByType, result.linesByType);
    withheld += result.withheld;
    unreadable.push(...result.unreadable.map((line) => ({ path, line })));
  }
  const { imported, live } = importer.report();
  return {
    files: files.length,
    sessions: imported.length,
    entriesByKind,
    linesByType,
    entries: imported.reduce((sum, { entries }) => sum + entries, 0),
    added: imported.reduce((sum, { added }) => sum + added, 0),
    withheld,
    unreadable,
    notTranscripts,
    imported,
    live,
  };
}

function addCounts<Name extends string>(
  into: Partial<Record<Name, number>>,
  counts: Readonly<Partial<Record<Name, number>>>,
): void {
  for (const [name, count] of Object.entries(counts) as [Name, number][])
    into[name] = (into[name] ?? 0) + count;
}
