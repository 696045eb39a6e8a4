import type { Session, SessionManager } from '@endwell/session-core';

import { titleOfSession, titlesOfSessions } from '../../title/title-of-session.ts';
import { isoTime } from '../iso-time.ts';
import type { SessionView } from './session-schema.ts';

/** The session as the API shows it, with its title. */
export async function sessionView(manager: SessionManager, session: Session): Promise<SessionView> {
  return toView(session, await titleOfSession(manager, session));
}

export async function sessionViews(
  manager: SessionManager,
  sessions: readonly Session[],
): Promise<SessionView[]> {
  const titles = await titlesOfSessions(manager, sessions);
  return sessions.map((session) => toView(session, titles.get(session.id) ?? null));
}

function toView(session: Session, title: string | null): SessionView {
  return {
    id: session.id,
    state: session.state,
    kind: session.kind,
    project: session.project,
    agent: session.agent,
    user: session.user,
    parentId: session.parentId,
    source: session.source,
    externalId: session.externalId,
    continues: session.continues,
    metadata: { ...session.metadata },
    title,
    owner: session.owner === null ? null : { identity: session.owner.identity, host: session.owner.host },
    startedAt: isoTime(session.startedAt),
    lastActiveAt: isoTime(session.lastActiveAt),
    expiresAt: isoTime(session.expiresAt),
    idleTtlMs: session.idleTtlMs,
    maxLifetimeMs: session.maxLifetimeMs,
    revision: session.revision,
    endedAt: isoTime(session.endedAt),
    endReason: session.endReason,
    endNote: session.endNote,
    entryCount: session.entryCount,
  };
}
