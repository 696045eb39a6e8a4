import { SessionError } from '../errors/session-error.ts';
import { externalIdInUse, sessionEnded, sessionNotFound } from '../errors/session-refusals.ts';
import { isOverdue, presentSession } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { endTree } from './end-steps.ts';
import { isAncestor } from './is-ancestor.ts';
import type { SessionRows } from './session-rows.ts';
import type { StepResult } from './session-store.ts';
import { makeRoom, takeStart, type StartLimits } from './start-limits.ts';

/**
 * Starts a session. What an active session with the same external id means depends on its owner:
 *
 *   active session with that id     what happens
 *   ------------------------------  ------------------------------------------------
 *   none, or past its deadline      the new session continues the latest ended one
 *   of the same owner               refused, with the id of the active session
 *   of another owner                it ends as `superseded`, the new one continues it
 */
export function startStep(rows: SessionRows, session: Session, limits: StartLimits): StepResult<Session> {
  const before = makeRoom(rows, session, limits, startTime(session));
  const result = start(rows, session, limits);
  return before.length === 0 ? result : { ...result, ended: [...before, ...result.ended] };
}

function start(rows: SessionRows, session: Session, limits: StartLimits): StepResult<Session> {
  const now = startTime(session);
  const parent = session.parentId === null ? null : rows.find(session.parentId);
  if (parent === undefined) return { ok: false, error: sessionNotFound(session.parentId ?? ''), ended: [] };

  const { source, externalId } = session;
  const predecessor =
    source === null || externalId === null ? undefined : rows.findActiveByExternalId(source, externalId);
  if (predecessor !== undefined && !isOverdue(predecessor, now)) {
    if (predecessor.owner?.identity === session.owner?.identity) {
      return { ok: false, error: externalIdInUse(predecessor), ended: [] };
    }
    if (isAncestor(rows, predecessor, parent)) {
      const message = `session ${predecessor.id} cannot be superseded by a session below it`;
      return {
        ok: false,
        error: new SessionError('INVALID_OPTIONS', message, { path: 'parentId' }),
        ended: [],
      };
    }
  }

  if (parent !== null) {
    const ended = isOverdue(parent, now)
      ? endTree(rows, parent, { reason: 'idle_timeout', note: null }, now)
      : [];
    const shown = presentSession(parent, now);
    if (shown.state === 'ended') return { ok: false, error: sessionEnded(shown), ended };
  }

  const refusal = takeStart(rows, session, predecessor ?? null, limits, now);
  if (refusal !== undefined) return { ok: false, error: refusal, ended: [] };

  const ended =
    predecessor === undefined ? [] : endTree(rows, predecessor, { reason: 'superseded', note: null }, now);
  const continued =
    source === null || externalId === null ? undefined : rows.findLatestByExternalId(source, externalId);
  const started: Session = { ...session, continues: continued?.id ?? null };
  rows.insert(started);
  if (started.owner !== null && started.owner.identity === limits.managedOwner) {
    rows.registerLease(started.owner.identity);
  }
  rows.appendEvent({
    type: 'session:started',
    sessionId: started.id,
    revision: started.revision,
    reason: null,
    sequence: null,
    at: started.startedAt,
  });
  return { ok: true, value: started, ended };
}

/** On the clock of deadlines. */
export function startTime({ startedAt, clockOffsetMs }: Session): number {
  return startedAt + clockOffsetMs;
}
