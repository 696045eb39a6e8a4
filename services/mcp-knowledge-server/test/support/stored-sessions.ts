import { type Entry, type Session, sqliteStore } from '@endwell/session-core';

export interface StoredSession extends Session {
  /** How many `session:ended` events there are. */
  readonly ends: number;
  readonly entries: readonly Entry[];
}

/** What is in the store, read without a manager and read-only, so that reading ends nothing. */
export async function storedSessions(databasePath: string): Promise<readonly StoredSession[]> {
  const store = sqliteStore({ path: databasePath, readOnly: true });
  try {
    await store.open();
    const events = await store.events('0', 10_000);
    const sessions = await store.list({}, null, 500, Date.now);
    return await Promise.all(
      sessions.map(async (session) => ({
        ...session,
        ends: events.filter(({ type, sessionId }) => type === 'session:ended' && sessionId === session.id)
          .length,
        entries: await store.entries(session.id, { after: 0, limit: 10_000 }),
      })),
    );
  } finally {
    await store.close();
  }
}
