import { removeSessionStep } from '../store/purge-step.ts';
import type { SessionRows } from '../store/session-rows.ts';
import type { RetentionCutoffs, RetentionResult } from '../store/session-store.ts';
import type { MemoryTables } from './memory-rows.ts';

export function retainMemory(
  tables: MemoryTables,
  rows: SessionRows,
  { endedBefore, eventsBefore }: RetentionCutoffs,
  now: number,
): RetentionResult {
  const ids = endedBefore === null ? [] : rows.findEndedBefore(endedBefore);
  let entries = 0;
  for (const id of ids) {
    while (rows.removeLastEntry(id)) entries += 1;
    removeSessionStep(rows, id, now);
  }
  let events = 0;
  // From the oldest on, up to the first that is to be kept.
  let kept = eventsBefore === null;
  tables.events.remove(({ at, cursor }) => {
    kept ||= at >= (eventsBefore ?? at);
    if (kept) return false;
    events += 1;
    tables.droppedCursor = Number(cursor);
    return true;
  });
  return { sessions: ids.length, entries, events };
}
