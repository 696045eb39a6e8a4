import { isSessionError, type Session, type SessionManager } from '@endwell/session-core';

import { titleOfPrompt } from './title-of-prompt.ts';

/** How many messages are looked at for the first prompt: it is nearly always among the first few. */
const FIRST_PAGES = [4, 60] as const;
/** How far back a session that nobody has written in yet is followed to what it goes on from. */
const MAX_CHAIN = 5;

/**
 * What a session is about, for lists: what whoever started it has put into its metadata, else the first thing that
 * somebody asked in it. It is read anew each time and stored nowhere, so that it is there while the session is
 * live, and gone when that entry is forgotten. Null when there is none.
 */
export async function titleOfSession(manager: SessionManager, session: Session): Promise<string | null> {
  const { title } = session.metadata;
  if (typeof title === 'string' && title.trim() !== '') return title;
  let at: Session | undefined = session;
  for (let steps = 0; at !== undefined && steps <= MAX_CHAIN; steps += 1) {
    const found = await firstPrompt(manager, at);
    if (found !== undefined) return found;
    at = at.continues === null ? undefined : await findSession(manager, at.continues);
  }
  return null;
}

/** The sessions' titles by their ids. */
export async function titlesOfSessions(
  manager: SessionManager,
  sessions: Iterable<Session>,
): Promise<ReadonlyMap<string, string | null>> {
  const byId = new Map([...sessions].map((session) => [session.id, session]));
  return new Map(
    await Promise.all(
      [...byId].map(async ([id, session]) => [id, await titleOfSession(manager, session)] as const),
    ),
  );
}

async function firstPrompt(
  manager: SessionManager,
  { id, entryCount }: Session,
): Promise<string | undefined> {
  if (entryCount === 0) return undefined;
  let after = 0;
  for (const limit of FIRST_PAGES) {
    const page = await forgiving(() => manager.entries(id, { after, limit, type: 'message' }));
    for (const { text, data } of page?.entries ?? []) {
      const title = data?.['role'] === 'user' && data['isMeta'] !== true ? titleOfPrompt(text) : undefined;
      if (title !== undefined) return title;
    }
    if (page?.nextAfter == null) return undefined;
    after = page.nextAfter;
  }
  return undefined;
}

async function findSession(manager: SessionManager, id: string): Promise<Session | undefined> {
  return await forgiving(() => manager.get(id));
}

/** Undefined for a session that has been forgotten meanwhile. */
async function forgiving<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isSessionError(error) && error.code === 'SESSION_NOT_FOUND') return undefined;
    throw error;
  }
}
