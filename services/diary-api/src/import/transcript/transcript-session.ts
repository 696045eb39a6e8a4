import { type ImportOptions, type NewEntry, projectOf } from '@endwell/session-core';

import type { TranscriptPlace, TranscriptRecord } from './transcript-reader.ts';

/** One session while its lines are being read. */
export interface TranscriptSession {
  readonly source: string;
  readonly place: TranscriptPlace;
  cwd: string | null;
  gitBranch: string | null;
  version: string | null;
  model: string | null;
  startedAt: number | null;
  endedAt: number | null;
  /** What has not been stored yet. */
  entries: NewEntry[];
}

export function openTranscriptSession(source: string, place: TranscriptPlace): TranscriptSession {
  return {
    source,
    place,
    cwd: null,
    gitBranch: null,
    version: null,
    model: null,
    startedAt: null,
    endedAt: null,
    entries: [],
  };
}

/** Takes over what a line says about its session as a whole, and its entries. */
export function addRecord(session: TranscriptSession, record: TranscriptRecord): void {
  session.cwd ??= record.cwd;
  session.gitBranch = record.gitBranch ?? session.gitBranch;
  session.version = record.version ?? session.version;
  session.model = record.model ?? session.model;
  for (const { entry } of record.entries) session.entries.push(entry);
  if (record.at === null) return;
  session.startedAt = Math.min(session.startedAt ?? record.at, record.at);
  session.endedAt = Math.max(session.endedAt ?? record.at, record.at);
}

export type TranscriptDescription = Pick<
  ImportOptions,
  'kind' | 'source' | 'externalId' | 'project' | 'agent' | 'metadata'
>;

/** What a session of a transcript is, for the store. */
export function describeTranscript(session: TranscriptSession): TranscriptDescription {
  const { agentId, externalId, parentExternalId } = session.place;
  const project = session.cwd === null ? null : projectOf(session.cwd);
  return {
    kind: agentId === null ? 'agent' : 'sub-agent',
    source: session.source,
    externalId: short(externalId, 512),
    project: project === null ? null : short(project, 1024),
    agent: session.source,
    metadata: {
      ...(session.cwd === null || session.cwd === project ? {} : { cwd: short(session.cwd, 4096) }),
      gitBranch: shortOrNull(session.gitBranch),
      version: shortOrNull(session.version),
      model: shortOrNull(session.model),
      ...(agentId === null
        ? {}
        : { agentId: short(agentId, 512), parentExternalId: shortOrNull(parentExternalId) }),
    },
  };
}

const shortOrNull = (text: string | null): string | null => (text === null ? null : short(text, 512));

/** The store takes no more; an agent's own names are far shorter. */
function short(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll('\u0000', '\ufffd');
}
