import type { Entry, Session, SessionManager } from '@endwell/session-core';

/** The last entries of a session's journal, in order. */
export async function readTail(
  manager: SessionManager,
  session: Session,
  limit: number,
): Promise<readonly Entry[]> {
  if (session.entryCount === 0) return [];
  const { entries } = await manager.entries(session.id, {
    after: Math.max(0, session.entryCount - limit),
    limit,
  });
  return entries;
}
