import { join } from 'node:path';
import {
  createSessionManager,
  type Entry,
  type Session,
  type SessionManager,
  sqliteStore,
} from '@endwell/session-core';
import { onTestFinished } from 'vitest';

/** A manager on what the programs of a test have written. */
export function openManager(home: string): SessionManager {
  const path = join(home, 'data', 'endwell.db');
  const manager = createSessionManager({ store: sqliteStore({ path }), owner: null });
  onTestFinished(() => manager.close());
  return manager;
}

/** Oldest first. */
export async function allSessions(manager: SessionManager): Promise<Session[]> {
  const { sessions } = await manager.list({ limit: 500 });
  return sessions.toReversed();
}

/** Of all entries, in their order. */
export async function texts(manager: SessionManager, { id }: Session): Promise<(string | null)[]> {
  const all: Entry[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = await manager.entries(id, { after, limit: 1_000 });
    all.push(...page.entries);
    after = page.nextAfter;
  }
  return all.map(({ text }) => text);
}
