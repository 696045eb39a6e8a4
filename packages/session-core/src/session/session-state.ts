import type { EndReason } from './end-reason.ts';
import type { Session } from './session.ts';

/*
 * The state machine of a session, as pure functions. Every store uses them; none has rules of its own.
 *
 *   state   command          condition             outcome    state after
 *   ------  ---------------  --------------------  ---------  -----------------------------------
 *   active  touch, record    before the deadline   accepted   active, the idle deadline moves
 *   active  end              before the deadline   accepted   ended with the reason of the command
 *   active  touch, record    past the deadline     expired    ended with the deadline's reason
 *   active  end, expire      past the deadline     expired    ended with the deadline's reason
 *   active  expire           before the deadline   refused    active, unchanged
 *   ended   any              -                     refused    ended, unchanged
 *
 * There is no state in between and no way out of `ended`.
 */

export type SessionCommand =
  | { readonly type: 'touch' }
  | { readonly type: 'record'; readonly count: number }
  | { readonly type: 'end'; readonly reason: EndReason; readonly note: string | null }
  | { readonly type: 'expire' };

export interface Transition {
  /** `expired`: the command came after the deadline, which ended the session instead. */
  readonly outcome: 'accepted' | 'expired' | 'refused';
  readonly session: Session;
}

export interface Deadline {
  readonly at: number;
  readonly reason: 'idle_timeout' | 'max_lifetime';
}

export type DeadlineFields = Pick<Session, 'startedAt' | 'lastActiveAt' | 'idleTtlMs' | 'maxLifetimeMs'>;

/** When a session ends unless something happens, and why. The lifetime counts when both are due at once. */
export function deadlineOf(session: DeadlineFields): Deadline {
  const idleAt = session.lastActiveAt + session.idleTtlMs;
  const lifetimeAt = session.startedAt + session.maxLifetimeMs;
  return lifetimeAt <= idleAt
    ? { at: lifetimeAt, reason: 'max_lifetime' }
    : { at: idleAt, reason: 'idle_timeout' };
}

/** When the deadline is due on the clock of deadlines, which is not the session's own where the wall clock was set. */
export function dueAt(session: DeadlineFields & Pick<Session, 'clockOffsetMs'>): number {
  return deadlineOf(session).at + session.clockOffsetMs;
}

/** The time of a session's own clock: that of the wall at its start, going on evenly. */
export function ownTime(session: Pick<Session, 'clockOffsetMs'>, now: number): number {
  return now - session.clockOffsetMs;
}

export function isOverdue(session: Session, now: number): boolean {
  return session.state === 'active' && dueAt(session) <= now;
}

export function transition(session: Session, command: SessionCommand, now: number): Transition {
  if (session.state === 'ended') return { outcome: 'refused', session };
  if (isOverdue(session, now)) return { outcome: 'expired', session: expire(session) };
  const at = ownTime(session, now);
  switch (command.type) {
    case 'touch':
      return { outcome: 'accepted', session: activity(session, at, 0) };
    case 'record':
      return { outcome: 'accepted', session: activity(session, at, command.count) };
    case 'end':
      return { outcome: 'accepted', session: finish(session, command.reason, command.note, at) };
    case 'expire':
      break;
  }
  return { outcome: 'refused', session };
}

/**
 * The session as it may be shown: one past its deadline is shown as ended, just as it will be
 * stored once somebody sweeps.
 */
export function presentSession(session: Session, now: number): Session {
  return isOverdue(session, now) ? expire(session) : session;
}

function expire(session: Session): Session {
  const deadline = deadlineOf(session);
  return finish(session, deadline.reason, null, deadline.at);
}

function finish(session: Session, reason: EndReason, note: string | null, at: number): Session {
  return {
    ...session,
    state: 'ended',
    endedAt: Math.max(at, session.startedAt),
    endReason: reason,
    endNote: note,
    revision: session.revision + 1,
  };
}

/** A clock that went back never shortens a session. */
function activity(session: Session, at: number, count: number): Session {
  const { startedAt, idleTtlMs, maxLifetimeMs } = session;
  const lastActiveAt = Math.max(session.lastActiveAt, at);
  const expiresAt = deadlineOf({ startedAt, lastActiveAt, idleTtlMs, maxLifetimeMs }).at;
  return { ...session, lastActiveAt, expiresAt, entryCount: session.entryCount + count };
}
