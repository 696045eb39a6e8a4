import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { type SessionEvent, sqliteStore } from '@endwell/session-core';

/** One session, as the database shows it to somebody who took no part. */
export interface SessionRecord {
  readonly id: string;
  readonly reason: string | null;
  /** How many `session:ended` events there are. */
  readonly ends: number;
  readonly entryCount: number;
}

const pageSize = 1000;

/** Reads the store without a manager and read-only, so that reading ends nothing. */
export async function readSessions(databasePath: string): Promise<readonly SessionRecord[]> {
  const store = sqliteStore({ path: databasePath, readOnly: true });
  try {
    await store.open();
    const ends = new Map<string, number>();
    for (let cursor = '0'; ;) {
      const events: SessionEvent[] = await store.events(cursor, pageSize);
      for (const { type, sessionId } of events) {
        if (type === 'session:ended') ends.set(sessionId, (ends.get(sessionId) ?? 0) + 1);
      }
      const last = events.at(-1);
      if (last === undefined) break;
      cursor = last.cursor;
    }
    const sessions = await store.list({}, null, pageSize, () => Date.now());
    return sessions.map(({ id, endReason, entryCount }) => ({
      id,
      reason: endReason,
      ends: ends.get(id) ?? 0,
      entryCount,
    }));
  } finally {
    await store.close();
  }
}

export interface FilesFound {
  readonly databases: readonly string[];
  readonly sessionFiles: readonly string[];
}

export async function surveyFiles(folder: string): Promise<FilesFound> {
  const entries = await readdir(folder, { recursive: true });
  return {
    databases: entries.filter((path) => path.endsWith('.db')),
    sessionFiles: entries.filter((path) => /session/i.test(basename(path))),
  };
}
