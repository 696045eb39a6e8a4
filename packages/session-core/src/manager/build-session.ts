import { formatIdentity, type ProcessIdentity } from '@endwell/proc-guard';
import type { z } from 'zod';

import { deadlineOf } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import type { importSchema, startSchema } from './option-schemas.ts';

export interface SessionDefaults {
  readonly owner: ProcessIdentity | null;
  readonly host: string;
  readonly createSessionId: (now: number) => string;
  readonly idleTtlMs: number;
  readonly maxLifetimeMs: number;
}

/** A session at its start, before the store has linked it to the one that it continues. */
export function buildSession(
  start: z.output<typeof startSchema>,
  defaults: SessionDefaults,
  now: number,
  clockOffsetMs: number,
): Session {
  const owner = start.owner === undefined ? defaults.owner : start.owner;
  const startedAt = now - clockOffsetMs;
  const times = {
    startedAt,
    lastActiveAt: startedAt,
    idleTtlMs: start.idleTtlMs ?? defaults.idleTtlMs,
    maxLifetimeMs: start.maxLifetimeMs ?? defaults.maxLifetimeMs,
  };
  return {
    id: defaults.createSessionId(startedAt),
    kind: start.kind,
    project: start.project,
    agent: start.agent,
    user: start.user,
    parentId: start.parentId,
    source: start.source,
    externalId: start.externalId,
    continues: null,
    metadata: start.metadata,
    owner: owner === null ? null : { identity: formatIdentity(owner), host: defaults.host },
    ...times,
    expiresAt: deadlineOf(times).at,
    clockOffsetMs,
    revision: 1,
    state: 'active',
    endedAt: null,
    endReason: null,
    endNote: null,
    entryCount: 0,
  };
}

/** A session that is over from the beginning and never had an owner here. */
export function buildImport(
  history: z.output<typeof importSchema>,
  defaults: SessionDefaults,
  clockOffsetMs: number,
): Session {
  const { kind, project, agent, user, parentId, metadata, source, externalId, startedAt, endedAt } = history;
  const times = {
    startedAt,
    lastActiveAt: endedAt,
    idleTtlMs: defaults.idleTtlMs,
    maxLifetimeMs: defaults.maxLifetimeMs,
  };
  return {
    id: defaults.createSessionId(startedAt),
    kind,
    project,
    agent,
    user,
    parentId,
    source,
    externalId,
    continues: null,
    metadata,
    owner: null,
    ...times,
    expiresAt: deadlineOf(times).at,
    clockOffsetMs,
    revision: 1,
    state: 'ended',
    endedAt,
    endReason: 'imported',
    endNote: null,
    entryCount: 0,
  };
}
