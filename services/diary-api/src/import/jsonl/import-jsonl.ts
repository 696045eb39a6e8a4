import { stat } from 'node:fs/promises';

import { isSessionError, type NewEntry, type SessionManager } from '@endwell/session-core';
import { z } from 'zod';

import { DiaryError } from '../../errors/diary-error.ts';
import { fitEntry } from '../transcript/fit-entry.ts';
import { parseObject } from '../transcript/parse-object.ts';
import { type FileLine, readLines } from '../transcript/read-lines.ts';

/** For a session that no agent gave an id of its own: its id in the store that it comes from. */
const DIARY_SOURCE = 'diary';
const BATCH_ENTRIES = 2_000;

const sessionSchema = z.looseObject({
  id: z.string().min(1),
  kind: z.string(),
  project: z.string().nullish(),
  agent: z.string().nullish(),
  user: z.string().nullish(),
  parentId: z.string().nullish(),
  source: z.string().nullish(),
  externalId: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  startedAt: z.number(),
  lastActiveAt: z.number().optional(),
  endedAt: z.number().nullish(),
  endReason: z.string().nullish(),
  endNote: z.string().nullish(),
});

const entrySchema = z.looseObject({
  sessionId: z.string().min(1),
  sequence: z.number(),
  type: z.string(),
  text: z.string().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  idempotencyKey: z.string().nullish(),
  recordedAt: z.number(),
  occurredAt: z.number().nullish(),
});

const lineSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('session'), session: sessionSchema }),
  z.looseObject({ type: z.literal('entry'), entry: entrySchema }),
]);

type ExportedSession = z.output<typeof sessionSchema>;

export interface JsonlImportReport {
  readonly sessions: number;
  readonly entries: number;
  /** How many of them were not in the store yet. */
  readonly added: number;
  /** Sessions that this store recorded itself, and which are left as they are. */
  readonly known: readonly string[];
}

export interface ImportJsonlOptions {
  readonly manager: SessionManager;
  /** The file, or what the lines are called in errors. */
  readonly path: string;
  /** Read instead of the file. */
  readonly lines?: AsyncIterable<FileLine> | undefined;
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
}

/**
 * Stores what `diary export` wrote, as ended sessions. Agents' own ids and the keys of entries are kept, so that
 * importing again, or the transcript besides, adds nothing twice. How a session ended is kept in its metadata.
 *
 * @throws DiaryError `IMPORT_UNREADABLE`, `IMPORT_WRONG_FORMAT` with the line; what was imported before stays
 */
export async function importJsonl({
  manager,
  path,
  lines,
  onProgress,
}: ImportJsonlOptions): Promise<JsonlImportReport> {
  const ids = new Map<string, string>();
  const orphans: ExportedSession[] = [];
  const known = new Set<string>();
  let current: ExportedSession | undefined;
  let waiting: NewEntry[] = [];
  let entries = 0;
  let added = 0;

  const store = async (): Promise<void> => {
    if (current === undefined) return;
    const session = current;
    if (session.externalId == null && (await isHere(manager, session.id))) {
      known.add(session.id);
      ids.set(session.id, session.id);
      waiting = [];
      return;
    }
    const parentId = session.parentId == null ? null : (ids.get(session.parentId) ?? null);
    if (session.parentId != null && parentId === null) orphans.push(session);
    try {
      const result = await manager.importSession({ ...historyOf(session), parentId, entries: waiting });
      ids.set(session.id, result.session.id);
      entries += waiting.length;
      added += result.added;
    } catch (error) {
      if (!isSessionError(error) || error.code !== 'EXTERNAL_ID_IN_USE') throw error;
      known.add(session.id);
      if (error.sessionId !== undefined) ids.set(session.id, error.sessionId);
    }
    waiting = [];
  };

  let bytes = 0;
  const totalBytes = lines === undefined ? await sizeOf(path) : 0;
  const onBytes = (count: number): void => onProgress?.((bytes += count), totalBytes);
  for await (const { number, text } of lines ?? readLines(path, { onBytes })) {
    const line = lineSchema.safeParse(text === null ? undefined : parseObject(text));
    if (!line.success) throw wrongFormat(path, number, 'it is no line of an export');
    if (line.data.type === 'session') {
      await store();
      current = line.data.session;
      continue;
    }
    const { entry } = line.data;
    if (entry.sessionId !== current?.id)
      throw wrongFormat(path, number, 'its session is not the one above it');
    waiting.push(toNewEntry(entry));
    if (waiting.length >= BATCH_ENTRIES) await store();
  }
  await store();
  // A child can stand before its parent.
  for (const session of orphans) {
    const parentId = ids.get(session.parentId ?? '');
    if (parentId !== undefined && !known.has(session.id))
      await manager.importSession({ ...historyOf(session), parentId, entries: [] });
  }
  return { sessions: ids.size, entries, added, known: [...known] };
}

/** Whether the export comes from this very store. */
async function isHere(manager: SessionManager, id: string): Promise<boolean> {
  try {
    await manager.get(id);
    return true;
  } catch (error) {
    if (isSessionError(error) && error.code === 'SESSION_NOT_FOUND') return false;
    throw error;
  }
}

function historyOf(
  session: ExportedSession,
): Omit<Parameters<SessionManager['importSession']>[0], 'entries'> {
  const { id, kind, project, agent, user, source, externalId, metadata, startedAt } = session;
  return {
    kind,
    project,
    agent,
    user,
    source: source ?? DIARY_SOURCE,
    externalId: externalId ?? id,
    metadata: {
      ...metadata,
      exported: { id, endReason: session.endReason ?? null, endNote: session.endNote ?? null },
    },
    startedAt,
    endedAt: Math.max(startedAt, session.endedAt ?? session.lastActiveAt ?? startedAt),
  };
}

function toNewEntry(entry: z.output<typeof entrySchema>): NewEntry {
  return fitEntry({
    type: entry.type,
    text: entry.text ?? '',
    data: entry.data ?? {},
    idempotencyKey: entry.idempotencyKey ?? `${entry.sessionId}-${entry.sequence}`,
    occurredAt: entry.occurredAt ?? entry.recordedAt,
  });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new DiaryError('IMPORT_UNREADABLE', `${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function wrongFormat(path: string, line: number, why: string): DiaryError {
  return new DiaryError(
    'IMPORT_WRONG_FORMAT',
    `${path} line ${line}: ${why}; "diary export" writes what this reads.`,
  );
}
