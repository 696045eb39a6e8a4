import type { Entry, NewEntry, SessionManager } from '@endwell/session-core';

/** Records one entry; resolves when it is on disk. */
export async function recordOne(manager: SessionManager, id: string, entry: NewEntry): Promise<Entry> {
  const [recorded] = await manager.record(id, entry);
  if (recorded === undefined) throw new Error('the store acknowledged an entry and returned none');
  return recorded;
}
