import type { Session } from '../session/session.ts';
import { SessionError } from './session-error.ts';

export function sessionNotFound(id: string): SessionError {
  return new SessionError('SESSION_NOT_FOUND', `there is no session ${JSON.stringify(id.slice(0, 80))}`, {
    sessionId: id,
  });
}

export function sessionEnded(session: Session): SessionError {
  return new SessionError('SESSION_ENDED', `session ${session.id} has ended (${session.endReason})`, {
    sessionId: session.id,
    reason: session.endReason ?? undefined,
  });
}

export function sessionActive(id: string): SessionError {
  return new SessionError('SESSION_ACTIVE', `session ${id} is active: end it first`, { sessionId: id });
}

export function externalIdInUse(session: Session): SessionError {
  return new SessionError(
    'EXTERNAL_ID_IN_USE',
    `session ${session.id} already has the external id ${JSON.stringify(session.externalId)} of ${JSON.stringify(session.source)}`,
    { sessionId: session.id },
  );
}
