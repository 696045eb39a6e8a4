import type { IntegrityReport } from '../store/session-store.ts';
import type { MemoryTables } from './memory-rows.ts';

/** The promises that the tables must keep, checked from the outside. */
export function checkMemory({ sessions, journals, events, droppedCursor }: MemoryTables): IntegrityReport {
  const problems: string[] = [];
  const ends = new Map<string, number>();
  for (const event of events.after(0, Infinity)) {
    if (event.type === 'session:ended') ends.set(event.sessionId, (ends.get(event.sessionId) ?? 0) + 1);
  }
  for (const session of sessions.values()) {
    const expected = session.state === 'ended' ? 1 : 0;
    const found = ends.get(session.id) ?? 0;
    // The event of an end can have been dropped since; there is never more than one.
    if (found > expected || (found < expected && droppedCursor === 0))
      problems.push(`session ${session.id} is ${session.state} with ${found} end events`);
    const { length } = journals.get(session.id) ?? [];
    if (length !== session.entryCount) {
      problems.push(`session ${session.id} counts ${session.entryCount} entries and has ${length}`);
    }
  }
  return { ok: problems.length === 0, problems };
}
