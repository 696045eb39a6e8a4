import type { Session } from '@endwell/session-core';

import { isoTime } from '../iso-time.ts';
import type { SessionView } from './session-schema.ts';

export function sessionView(session: Session): SessionView {
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
