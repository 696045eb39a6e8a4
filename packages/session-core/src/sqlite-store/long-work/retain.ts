import type { RetentionCutoffs, RetentionResult } from '../../store/session-store.ts';
import { writeState } from '../core-state.ts';
import { number } from '../session-columns.ts';
import type { LongConnection } from './long-connection.ts';
import { leaveNothing, removeSessions, type StoppableConnection } from './purge-sessions.ts';

const eventsAtOnce = 5_000;

/** Drops what is older than it is to be kept, in short transactions. */
export async function retain(
  connection: StoppableConnection,
  { endedBefore, eventsBefore }: RetentionCutoffs,
  now: number,
): Promise<RetentionResult> {
  const ids =
    endedBefore === null ? [] : await connection.read(() => connection.rows.findEndedBefore(endedBefore));
  const entries = await removeSessions(connection, ids, now);
  const events = eventsBefore === null ? 0 : await dropEvents(connection, eventsBefore);
  if (ids.length > 0) await leaveNothing(connection);
  return { sessions: ids.length, entries, events };
}

/** From the oldest on, up to the first that is to be kept: what is left has no gap in time. */
async function dropEvents({ prepare, write }: LongConnection, before: number): Promise<number> {
  let dropped = 0;
  for (;;) {
    const count = await write(() => {
      const rows = prepare('SELECT cursor, at FROM session_events ORDER BY cursor LIMIT :limit').all({
        limit: eventsAtOnce,
      });
      const kept = rows.findIndex((row) => number(row, 'at') >= before);
      const old = kept < 0 ? rows : rows.slice(0, kept);
      const last = old.at(-1);
      if (last === undefined) return 0;
      const cursor = number(last, 'cursor');
      prepare('DELETE FROM session_events WHERE cursor <= :cursor').run({ cursor });
      writeState(prepare, 'events_dropped_through', cursor);
      return old.length;
    });
    dropped += count;
    if (count < eventsAtOnce) return dropped;
  }
}
