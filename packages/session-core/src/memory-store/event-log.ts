import type { SessionEvent } from '../session/session-event.ts';

/** The events of a memory store, in columns: an object each would cost more than the session. */
export interface EventLog {
  append(cursor: number, event: Omit<SessionEvent, 'cursor'>): void;
  /** At most `limit` events with a higher cursor, oldest first. */
  after(cursor: number, limit: number): SessionEvent[];
  /** The same without what was recorded. */
  lifeAfter(cursor: number, limit: number): SessionEvent[];
  remove(condition: (event: SessionEvent) => boolean): void;
}

export function createEventLog(): EventLog {
  let columns = emptyColumns();

  const push = (cursor: number, event: Omit<SessionEvent, 'cursor'>): void => {
    columns.cursor.push(cursor);
    columns.type.push(event.type);
    columns.sessionId.push(event.sessionId);
    columns.revision.push(event.revision);
    columns.reason.push(event.reason);
    columns.sequence.push(event.sequence);
    columns.at.push(event.at);
  };
  const read = (index: number): SessionEvent => ({
    cursor: String(columns.cursor[index]),
    type: columns.type[index] ?? 'session:started',
    sessionId: columns.sessionId[index] ?? '',
    revision: columns.revision[index] ?? 0,
    reason: columns.reason[index] ?? null,
    sequence: columns.sequence[index] ?? null,
    at: columns.at[index] ?? 0,
  });
  /** Purges leave gaps between cursors, so that an event's place says little. */
  const firstAfter = (cursor: number): number => {
    let [low, high] = [0, columns.cursor.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((columns.cursor[middle] ?? 0) <= cursor) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    append: push,
    after(cursor, limit) {
      const first = firstAfter(cursor);
      const last = Math.min(columns.cursor.length, first + limit);
      const found: SessionEvent[] = [];
      for (let index = first; index < last; index += 1) found.push(read(index));
      return found;
    },
    lifeAfter(cursor, limit) {
      const found: SessionEvent[] = [];
      for (
        let index = firstAfter(cursor);
        index < columns.cursor.length && found.length < limit;
        index += 1
      ) {
        if (columns.type[index] !== 'session:recorded') found.push(read(index));
      }
      return found;
    },
    remove(condition) {
      const { length } = columns.cursor;
      const kept: SessionEvent[] = [];
      for (let index = 0; index < length; index += 1) {
        const event = read(index);
        if (!condition(event)) kept.push(event);
      }
      columns = emptyColumns();
      for (const { cursor, ...event } of kept) push(Number(cursor), event);
    },
  };
}

interface Columns {
  readonly cursor: number[];
  readonly type: SessionEvent['type'][];
  readonly sessionId: string[];
  readonly revision: number[];
  readonly reason: SessionEvent['reason'][];
  readonly sequence: SessionEvent['sequence'][];
  readonly at: number[];
}

function emptyColumns(): Columns {
  return { cursor: [], type: [], sessionId: [], revision: [], reason: [], sequence: [], at: [] };
}
