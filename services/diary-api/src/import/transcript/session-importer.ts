import { isSessionError, type ImportOptions, type SessionManager } from '@endwell/session-core';

import type { ImportedSession } from './import-transcripts.ts';
import { describeTranscript, type TranscriptSession } from './transcript-session.ts';

/** Stores what is read of transcripts as history, and adds up what became of it. */
export interface SessionImporter {
  /** Stores the entries of each and empties them. `fallbackTime` is for a session in which no line has a time. */
  store(sessions: readonly TranscriptSession[], fallbackTime: number): Promise<void>;
  report(): { readonly imported: readonly ImportedSession[]; readonly live: readonly string[] };
}

export function createSessionImporter(manager: SessionManager): SessionImporter {
  const imported = new Map<string, ImportedSession>();
  const live = new Set<string>();
  /** Where each session is in the store, for its children. */
  const ids = new Map<string, string>();

  const findParent = async (session: TranscriptSession): Promise<string | null> => {
    const { parentExternalId } = session.place;
    if (parentExternalId === null) return null;
    const known = ids.get(keyOf(session.source, parentExternalId));
    if (known !== undefined) return known;
    const { sessions } = await manager.list({
      source: session.source,
      externalId: parentExternalId,
      limit: 1,
    });
    return sessions[0]?.id ?? null;
  };

  const storeOne = async (session: TranscriptSession, fallbackTime: number): Promise<void> => {
    const { entries } = session;
    const { externalId } = session.place;
    const key = keyOf(session.source, externalId);
    const history: ImportOptions = {
      ...describeTranscript(session),
      parentId: await findParent(session),
      startedAt: session.startedAt ?? fallbackTime,
      endedAt: session.endedAt ?? fallbackTime,
      entries,
    };
    const result = await storeHistory(manager, history);
    session.entries = [];
    if (result === 'live') {
      live.add(externalId);
      return;
    }
    ids.set(key, result.id);
    const before = imported.get(key);
    imported.set(key, {
      id: result.id,
      externalId,
      project: history.project ?? null,
      entries: (before?.entries ?? 0) + entries.length,
      added: (before?.added ?? 0) + result.added,
    });
  };

  return {
    async store(sessions, fallbackTime) {
      for (const session of sessions) {
        // A session of bookkeeping alone is one that somebody opened and closed again.
        if (session.entries.length > 0) await storeOne(session, fallbackTime);
      }
    },
    report: () => ({ imported: [...imported.values()], live: [...live] }),
  };
}

const keyOf = (source: string, externalId: string): string => `${source}\0${externalId}`;

async function storeHistory(
  manager: SessionManager,
  history: ImportOptions,
): Promise<{ readonly id: string; readonly added: number } | 'live'> {
  try {
    const { session, added } = await manager.importSession(history);
    return { id: session.id, added };
  } catch (error) {
    if (!isSessionError(error) || error.code !== 'EXTERNAL_ID_IN_USE') throw error;
  }
  return await storeRest(manager, history);
}

/** A session that was recorded live until its agent was killed can lack the end of its transcript. */
async function storeRest(
  manager: SessionManager,
  history: ImportOptions,
): Promise<{ readonly id: string; readonly added: number } | 'live'> {
  const { startedAt: _startedAt, endedAt: _endedAt, parentId: _parentId, ...session } = history;
  const active = await manager.list({
    source: history.source,
    externalId: history.externalId,
    state: 'active',
    limit: 1,
  });
  if (active.sessions.length > 0) return 'live';
  const result = await manager.recordByExternalId({ ...session, owner: null });
  if (result.started) {
    await manager.end(result.session.id, {
      note: 'The rest of the transcript, imported after the session had ended.',
    });
  }
  return { id: result.session.id, added: result.added };
}
