import { deadlineOf } from '../src/session/session-state.ts';
import type { Session } from '../src/session/session.ts';

/** An active session with what a test does not care about; it expires as its times say. */
export function sampleSession(fields: Partial<Session> = {}): Session {
  const startedAt = fields.startedAt ?? 1_700_000_000_000;
  const all: Omit<Session, 'expiresAt'> = {
    id: 'ses_test',
    kind: 'test',
    project: null,
    agent: null,
    user: null,
    parentId: null,
    source: null,
    externalId: null,
    continues: null,
    metadata: {},
    owner: null,
    startedAt,
    lastActiveAt: startedAt,
    idleTtlMs: 1_000,
    maxLifetimeMs: 5_000,
    clockOffsetMs: 0,
    revision: 1,
    state: 'active',
    endedAt: null,
    endReason: null,
    endNote: null,
    entryCount: 0,
    ...fields,
  };
  return { ...all, expiresAt: fields.expiresAt ?? deadlineOf(all).at };
}
