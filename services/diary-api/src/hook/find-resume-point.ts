import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { Session, SessionManager } from '@endwell/session-core';

/** How far back through the continuations of a session its last stored line is looked for. */
const MAX_SESSIONS = 4;
const LAST_ENTRIES = 64;
const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

/**
 * The byte of a transcript from which on it may be new: behind the last line that the store has. Zero where
 * that cannot be told, which costs time and nothing else: what is known is never stored twice.
 */
export async function findResumePoint(
  manager: SessionManager,
  latest: Session,
  path: string,
): Promise<number> {
  const uuid = await lastStoredUuid(manager, latest);
  if (uuid === undefined) return 0;
  const file = openSync(path, 'r');
  try {
    return behindLineWith(file, uuid);
  } finally {
    closeSync(file);
  }
}

async function lastStoredUuid(manager: SessionManager, latest: Session): Promise<string | undefined> {
  let session = latest;
  for (let depth = 0; depth < MAX_SESSIONS; depth += 1) {
    const after = Math.max(0, session.entryCount - LAST_ENTRIES);
    const { entries } = await manager.entries(session.id, { after, limit: LAST_ENTRIES });
    const uuid = entries.map(({ data }) => data?.['uuid']).findLast((value) => typeof value === 'string');
    if (uuid !== undefined) return uuid;
    if (session.continues === null) return undefined;
    session = await manager.get(session.continues);
  }
  return undefined;
}

/** Looks from the end of the file, where the line most likely is. */
function behindLineWith(file: number, uuid: string): number {
  const { size } = fstatSync(file);
  const mark = new RegExp(`"uuid"\\s*:\\s*"${RegExp.escape(uuid)}"`, 'g');
  /** What follows the chunk that is being looked at, as far as the mark could reach into it. */
  let following = Buffer.alloc(0);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    readSync(file, chunk, 0, chunk.length, start);
    const window = Buffer.concat([chunk, following]);
    const found = [...window.toString('latin1').matchAll(mark)].at(-1);
    if (found !== undefined) return behindLineAt(file, start + found.index, size);
    following = chunk.subarray(0, uuid.length + 32);
    end = start;
  }
  return 0;
}

function behindLineAt(file: number, at: number, size: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let start = at; start < size; start += CHUNK_BYTES) {
    const bytesRead = readSync(file, chunk, 0, chunk.length, start);
    const end = chunk.subarray(0, bytesRead).indexOf(LINE_FEED);
    if (end >= 0) return start + end + 1;
  }
  return size;
}
