import { setTimeout as sleep } from 'node:timers/promises';

import { SessionError } from '../../errors/session-error.ts';
import { planPurgeStep, purgeEntryStep, removeSessionStep } from '../../store/purge-step.ts';
import type { PurgeOutcome, PurgeTarget, StepResult } from '../../store/session-store.ts';
import { writeState } from '../core-state.ts';
import { truncateWal } from '../truncate-wal.ts';
import type { LongConnection } from './long-connection.ts';
import { scrubSearchIndex } from './scrub-search-index.ts';

/** Each transaction holds the write lock for about so long, and then leaves it to others. */
const sliceMs = 8;
const pauseMs = 4;
const eventsAtOnce = 20_000;

/** The connection, for a task that can be stopped between two transactions. */
export interface StoppableConnection extends LongConnection {
  readonly stopping: () => boolean;
}

/**
 * Removes entries from the last to the first, then their session, in many short transactions, so that
 * other processes can write in between. Whatever interrupts it leaves a session with fewer entries,
 * and nothing that is wrong. In the end neither the database nor its WAL holds what was purged.
 */
export async function purgeSessions(
  connection: StoppableConnection,
  target: PurgeTarget,
  endActive: boolean,
  now: number,
): Promise<PurgeOutcome> {
  const { rows, write } = connection;
  checkStop(connection);
  if ('sequence' in target) {
    const entries = settle(await write(() => purgeEntryStep(rows, target, now))).value;
    return { sessions: 0, entries, pending: await leaveNothing(connection), ended: [] };
  }
  const plan = settle(await write(() => planPurgeStep(rows, target, endActive, now)));
  const ids = plan.value;
  const entries = await removeSessions(connection, ids, now);
  await removeEventsOf(connection, new Set(ids));
  return { sessions: ids.length, entries, pending: await leaveNothing(connection), ended: plan.ended };
}

export async function removeSessions(
  connection: StoppableConnection,
  ids: readonly string[],
  now: number,
): Promise<number> {
  const { rows, write } = connection;
  let removed = 0;
  for (let at = 0; at < ids.length;) {
    const slice = await write(() => {
      const endsAt = performance.now() + sliceMs;
      let [entries, next] = [0, at];
      for (let id = ids[next]; id !== undefined && performance.now() < endsAt; id = ids[next]) {
        if (rows.removeLastEntry(id)) {
          entries += 1;
          continue;
        }
        removeSessionStep(rows, id, now);
        next += 1;
      }
      return { entries, next };
    });
    removed += slice.entries;
    at = slice.next;
    await sleep(pauseMs);
    checkStop(connection);
  }
  return removed;
}

async function removeEventsOf({ rows, write }: LongConnection, ids: ReadonlySet<string>): Promise<void> {
  const last = rows.latestCursor();
  for (let after = 0; after < last; after += eventsAtOnce) {
    await write(() => rows.removeEvents(ids, after, after + eventsAtOnce));
  }
}

/** True when the WAL could not be emptied; whoever can do it later finds a note. */
export async function leaveNothing(connection: LongConnection): Promise<boolean> {
  const { database, prepare, write } = connection;
  await scrubSearchIndex(connection);
  if (await truncateWal(database)) return false;
  await write(() => writeState(prepare, 'wal_to_truncate', 1));
  return true;
}

function checkStop({ stopping, path }: StoppableConnection): void {
  if (stopping()) throw new SessionError('STORE_CLOSED', `${path} was closed during a purge`, { path });
}

function settle<Value>(result: StepResult<Value>): Extract<StepResult<Value>, { ok: true }> {
  if (!result.ok) throw result.error;
  return result;
}
