import type { SessionManager } from '@endwell/session-core';

import type { JournalText } from './journal-texts.ts';

/** One `record` for each text, many of them under way at once, as in a service with many clients. */
export async function recordMany(
  manager: SessionManager,
  sessionId: string,
  texts: readonly JournalText[],
  underWay: number,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let entry = texts[next++]; entry !== undefined; entry = texts[next++]) {
      await manager.record(sessionId, { type: 'note', ...entry });
    }
  };
  await Promise.all(Array.from({ length: underWay }, client));
}
