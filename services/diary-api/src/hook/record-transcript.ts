import { existsSync } from 'node:fs';

import type { ProcessIdentity } from '@endwell/proc-guard';
import { isSessionError, type NewEntry, type Session, type SessionManager } from '@endwell/session-core';

import { scanTranscript } from '../import/transcript/scan-transcript.ts';
import { describeTranscript, type TranscriptSession } from '../import/transcript/transcript-session.ts';
import type { PrivacyRules } from '../privacy/privacy-rules.ts';
import { findResumePoint } from './find-resume-point.ts';
import { HOOK_LIFETIME } from './hook-lifetime.ts';

export interface RecordTranscriptOptions {
  readonly manager: SessionManager;
  readonly owner: ProcessIdentity | null;
  readonly privacy: PrivacyRules;
  readonly path: string;
  /** The session that the file is about: the main one of a transcript, a sub-agent of a file of its own. */
  readonly source: string;
  readonly externalId: string;
}

/** Records what is new of a transcript into the active sessions that it is about, or opens continuations. */
export async function recordTranscript(options: RecordTranscriptOptions): Promise<void> {
  const { manager, path, source, externalId, privacy } = options;
  // A session that has just started may not have been written down yet.
  if (!existsSync(path)) return;
  const { sessions } = await manager.list({ source, externalId, limit: 1 });
  const [latest] = sessions;
  const start = latest === undefined ? 0 : await findResumePoint(manager, latest, path);
  await scanTranscript({ path, start, privacy, store: (found) => recordSessions(options, found) });
}

/**
 * A sub-agent's entries go in before the last of the session above it: where the next hook begins to read is
 * told by the latter, so that a process that is killed in between loses nothing.
 */
async function recordSessions(
  options: RecordTranscriptOptions,
  found: readonly TranscriptSession[],
): Promise<void> {
  const main = found.filter(({ place, entries }) => place.parentExternalId === null && entries.length > 0);
  const below = found.filter(({ place, entries }) => place.parentExternalId !== null && entries.length > 0);
  if (below.length > 0)
    for (const session of main) await recordSession(options, session, session.entries.slice(0, 1));
  for (const session of below) await recordSession(options, session, session.entries);
  for (const session of main) await recordSession(options, session, session.entries);
  for (const session of found) session.entries = [];
}

async function recordSession(
  options: RecordTranscriptOptions,
  session: TranscriptSession,
  entries: readonly NewEntry[],
): Promise<void> {
  const { manager, owner, path } = options;
  const { metadata, ...description } = describeTranscript(session);
  const start = {
    ...description,
    metadata: { ...metadata, transcript: path },
    owner,
    ...HOOK_LIFETIME,
    entries,
  };
  const parent = await findActiveParent(manager, session);
  try {
    await manager.recordByExternalId({ ...start, parentId: parent?.id ?? null });
  } catch (error) {
    // The parent ended a moment ago: the entries are kept all the same.
    const lostParent = isSessionError(error) && parent !== undefined && error.code === 'SESSION_ENDED';
    if (!lostParent) throw error;
    await manager.recordByExternalId(start);
  }
}

async function findActiveParent(
  manager: SessionManager,
  { source, place }: TranscriptSession,
): Promise<Session | undefined> {
  if (place.parentExternalId === null) return undefined;
  const { sessions } = await manager.list({
    source,
    externalId: place.parentExternalId,
    state: 'active',
    limit: 1,
  });
  return sessions[0];
}
