import { isExcluded, isPausedAt, type PrivacyRules } from '../../privacy/privacy-rules.ts';
import { readLines } from './read-lines.ts';
import { recognizeTranscript } from './recognize-transcript.ts';
import { parseObject } from './parse-object.ts';
import type { TranscriptEntryKind, TranscriptReader, TranscriptRecord } from './transcript-reader.ts';
import { addRecord, openTranscriptSession, type TranscriptSession } from './transcript-session.ts';

export interface ScanOptions {
  readonly path: string;
  /** The byte to begin at, which has to be the first of a line. @defaultValue 0 */
  readonly start?: number | undefined;
  readonly privacy: PrivacyRules;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /**
   * Stores what has been read and empties `entries` of what it has stored. Called whenever a good deal has come
   * together, so that memory does not grow with the file, and once at the end. Parents come before children.
   */
  readonly store: (sessions: readonly TranscriptSession[]) => Promise<void>;
}

export interface ScanResult {
  /** False when no line is one that a coding agent writes. True for an empty file. */
  readonly isTranscript: boolean;
  readonly linesByType: Readonly<Record<string, number>>;
  readonly entriesByKind: Readonly<Partial<Record<TranscriptEntryKind, number>>>;
  /** The numbers of lines that are no JSON object with a type, such as a last one that was cut off. */
  readonly unreadable: readonly number[];
  /** Entries that the privacy rules kept out. */
  readonly withheld: number;
}

const BATCH_ENTRIES = 2_000;
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/** Reads a transcript once, from front to back. */
export async function scanTranscript(options: ScanOptions): Promise<ScanResult> {
  const { path, start, privacy, signal, onBytes } = options;
  const linesByType: Record<string, number> = {};
  const entriesByKind: Partial<Record<TranscriptEntryKind, number>> = {};
  const unreadable: number[] = [];
  const sessions = new Map<string, TranscriptSession>();
  let reader: TranscriptReader | undefined;
  let lines = 0;
  let recognized = 0;
  let withheld = 0;
  let waitingEntries = 0;
  let waitingCharacters = 0;
  let lastAt: number | null = null;

  const store = async (): Promise<void> => {
    waitingEntries = 0;
    waitingCharacters = 0;
    const inOrder = [...sessions.values()];
    await options.store([
      ...inOrder.filter(({ place }) => place.parentExternalId === null),
      ...inOrder.filter(({ place }) => place.parentExternalId !== null),
    ]);
  };
  const take = (record: TranscriptRecord, source: string, characters: number): void => {
    linesByType[record.type] = (linesByType[record.type] ?? 0) + 1;
    lastAt = record.at ?? lastAt;
    if (record.place !== undefined || isKnownType(record.type)) recognized += 1;
    if (record.place === undefined) return;
    if (
      (record.cwd !== null && isExcluded(privacy, record.cwd)) ||
      (lastAt !== null && isPausedAt(privacy, lastAt))
    ) {
      withheld += record.entries.length;
      return;
    }
    const { externalId } = record.place;
    const session = sessions.get(externalId) ?? openTranscriptSession(source, record.place);
    sessions.set(externalId, session);
    addRecord(session, record);
    for (const { kind } of record.entries) entriesByKind[kind] = (entriesByKind[kind] ?? 0) + 1;
    waitingEntries += record.entries.length;
    if (record.entries.length > 0) waitingCharacters += characters;
  };

  for await (const { number, text } of readLines(path, { start, onBytes })) {
    signal?.throwIfAborted();
    lines += 1;
    if (text !== null && reader === undefined && parseObject(text) !== undefined)
      reader = recognizeTranscript(text);
    const record = text === null ? undefined : reader?.read(text);
    if (record === undefined || reader === undefined) {
      unreadable.push(number);
      continue;
    }
    take(record, reader.source, text?.length ?? 0);
    if (waitingEntries >= BATCH_ENTRIES || waitingCharacters >= BATCH_CHARACTERS) await store();
  }
  signal?.throwIfAborted();
  await store();
  return {
    isTranscript: lines === 0 || recognized > 0,
    linesByType,
    entriesByKind,
    unreadable,
    withheld,
  };
}

/** Types that Claude Code also writes without saying which session they belong to. */
const typesWithoutSession = new Set([
  'user',
  'assistant',
  'system',
  'summary',
  'progress',
  'file-history-snapshot',
  'queue-operation',
]);

function isKnownType(type: string): boolean {
  return typesWithoutSession.has(type);
}
