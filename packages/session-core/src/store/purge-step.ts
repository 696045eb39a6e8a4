import { SessionError } from '../errors/session-error.ts';
import { sessionActive, sessionNotFound } from '../errors/session-refusals.ts';
import { isOverdue } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { endTree } from './end-steps.ts';
import type { SessionRows } from './session-rows.ts';
import type { PurgeTarget, StepResult } from './session-store.ts';

/**
 * The first step of a purge: finds what is to go, children before their parents, and ends what is
 * still active, or refuses. What has ended stays so, and can be removed bit by bit.
 */
export function planPurgeStep(
  rows: SessionRows,
  target: Exclude<PurgeTarget, { sequence: number }>,
  endActive: boolean,
  now: number,
): StepResult<string[]> {
  const tree = rows.findTree(target);
  if (tree.length === 0 && 'sessionId' in target) {
    return { ok: false, error: sessionNotFound(target.sessionId), ended: [] };
  }
  const active = tree.filter((each) => each.active).map(({ id }) => id);
  const standing = active.flatMap((id) => rows.find(id) ?? []).filter((session) => !isOverdue(session, now));
  const first = standing[0];
  if (first !== undefined && !endActive) return { ok: false, error: sessionActive(first.id), ended: [] };
  const ended: Session[] = [];
  // Parents first, so that whatever is below them ends with them.
  for (const id of active.toReversed()) {
    const session = rows.find(id);
    if (session?.state !== 'active') continue;
    ended.push(...endTree(rows, session, { reason: 'terminated', note: null }, now));
  }
  return { ok: true, value: tree.map(({ id }) => id), ended };
}

/** Leaves a tombstone in place of one entry, so that the numbers of the others stay as they are. */
export function purgeEntryStep(
  rows: SessionRows,
  { sessionId, sequence }: { readonly sessionId: string; readonly sequence: number },
  now: number,
): StepResult<number> {
  const session = rows.find(sessionId);
  if (session === undefined) return { ok: false, error: sessionNotFound(sessionId), ended: [] };
  if (sequence > session.entryCount) {
    const message = `sequence: session ${sessionId} has ${session.entryCount} entries`;
    const error = new SessionError('INVALID_OPTIONS', message, { sessionId, path: 'sequence' });
    return { ok: false, error, ended: [] };
  }
  if (!rows.buryEntry(sessionId, sequence, now)) return { ok: true, value: 0, ended: [] };
  tellOfPurge(rows, session, sequence, now);
  return { ok: true, value: 1, ended: [] };
}

/** The last step of a session's purge. Its entries must be gone. */
export function removeSessionStep(rows: SessionRows, id: string, now: number): void {
  const session = rows.find(id);
  if (session === undefined) return;
  rows.removeSession(id);
  tellOfPurge(rows, session, null, now);
}

/** Whoever keeps a copy hears that it is to go. */
function tellOfPurge(rows: SessionRows, session: Session, sequence: number | null, now: number): void {
  rows.appendEvent({
    type: 'session:purged',
    sessionId: session.id,
    revision: session.revision,
    reason: null,
    sequence,
    at: now,
  });
}
