import { sessionEnded, sessionNotFound } from '../errors/session-refusals.ts';
import { dueAt, ownTime, transition } from '../session/session-state.ts';
import type { SessionCommand } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import type { SessionRows } from './session-rows.ts';
import type { EndStep, OverdueResult, StepResult } from './session-store.ts';

/**
 * Ends an active session and whatever is below it, the deepest first, in the transaction that is
 * open. Each end is stored together with its one event. The deadline wins over the given reason
 * where it had passed.
 */
export function endTree(rows: SessionRows, root: Session, step: EndStep, now: number): Session[] {
  const ended: Session[] = [];
  const path = [{ session: root, step, children: rows.findActiveChildren(root.id) }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const child = top.children.pop();
    if (child !== undefined) {
      path.push({
        session: child,
        step: { reason: 'parent_ended', note: null },
        children: rows.findActiveChildren(child.id),
      });
      continue;
    }
    path.pop();
    const { session } = transition(top.session, { type: 'end', ...top.step }, now);
    rows.markEnded(session);
    rows.appendEvent({
      type: 'session:ended',
      sessionId: session.id,
      revision: session.revision,
      reason: session.endReason,
      sequence: null,
      at: ownTime(session, now),
    });
    ended.push(session);
  }
  return ended;
}

/** A session that a command may change, or why it may not. An overdue one is ended on the way. */
export function admit(
  rows: SessionRows,
  id: string,
  command: SessionCommand,
  now: number,
): StepResult<{ before: Session; after: Session }> {
  const before = rows.find(id);
  if (before === undefined) return { ok: false, error: sessionNotFound(id), ended: [] };
  const { outcome, session: after } = transition(before, command, now);
  if (outcome === 'accepted') return { ok: true, value: { before, after }, ended: [] };
  const ended =
    outcome === 'expired' ? endTree(rows, before, { reason: 'idle_timeout', note: null }, now) : [];
  return { ok: false, error: sessionEnded(after), ended };
}

export function endStep(rows: SessionRows, id: string, step: EndStep, now: number): StepResult<Session> {
  const admitted = admit(rows, id, { type: 'end', ...step }, now);
  if (!admitted.ok) return admitted;
  const ended = endTree(rows, admitted.value.before, step, now);
  return { ok: true, value: admitted.value.after, ended };
}

export function endOwnerStep(
  rows: SessionRows,
  identity: string,
  step: EndStep,
  now: number,
  limit: number,
): Session[] {
  return endEach(rows, rows.findActiveByOwner(identity, limit), step, now);
}

/** The time to look at a session moves only when it has come: a touch need not write the index. */
export function endOverdueStep(rows: SessionRows, now: number, limit: number): OverdueResult {
  const due = rows.findDue(now, limit);
  const overdue: Session[] = [];
  for (const session of due) {
    if (transition(session, { type: 'expire' }, now).outcome === 'expired') overdue.push(session);
    else rows.postponeCheck(session.id, dueAt(session));
  }
  const ended = endEach(rows, overdue, { reason: 'idle_timeout', note: null }, now);
  return { ended, more: due.length === limit };
}

function endEach(rows: SessionRows, sessions: readonly Session[], step: EndStep, now: number): Session[] {
  const ended: Session[] = [];
  const done = new Set<string>();
  for (const session of sessions) {
    // Its parent may have come first and taken it along.
    if (done.has(session.id)) continue;
    for (const each of endTree(rows, session, step, now)) {
      done.add(each.id);
      ended.push(each);
    }
  }
  return ended;
}
