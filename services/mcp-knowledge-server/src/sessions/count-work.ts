import type { Session, SessionManager } from '@endwell/session-core';
import { z } from 'zod';

/** What a session's journal holds. */
export interface PersistedWork {
  readonly entries: number;
  readonly actions: number;
  readonly messages: number;
  /** How many different files the actions name. */
  readonly files: number;
  /** False when the journal is so long that only its last part was counted by kind. */
  readonly complete: boolean;
}

const pageEntries = 500;
/** An answer should not wait for a journal of a million entries. */
const countedEntries = 5000;

const named = z.object({ files: z.array(z.string()).catch([]) });

export async function countWork(manager: SessionManager, session: Session): Promise<PersistedWork> {
  const from = Math.max(0, session.entryCount - countedEntries);
  const files = new Set<string>();
  let actions = 0;
  let messages = 0;
  let after: number | null = from;
  while (after !== null && after < session.entryCount) {
    const page: Awaited<ReturnType<SessionManager['entries']>> = await manager.entries(session.id, {
      after,
      limit: pageEntries,
    });
    for (const { type, data } of page.entries) {
      if (type === 'message') messages += 1;
      if (type !== 'action') continue;
      actions += 1;
      for (const file of named.parse(data ?? {}).files) files.add(file);
    }
    after = page.nextAfter;
  }
  return { entries: session.entryCount, actions, messages, files: files.size, complete: from === 0 };
}
