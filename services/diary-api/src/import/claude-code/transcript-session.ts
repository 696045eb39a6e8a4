import type { ImportOptions, NewEntry } from '@endwell/session-core';

import type { TranscriptLine } from './transcript-line.ts';

const CLAUDE_CODE_SOURCE = 'claude-code';

/** One session while its lines are being read. */
export interface TranscriptSession {
  readonly externalId: string;
  /** The external id of the session whose sub-agent this is. */
  readonly parentExternalId: string | null;
  readonly agentId: string | null;
  project: string | null;
  gitBranch: string | null;
  version: string | null;
  model: string | null;
  startedAt: number | null;
  endedAt: number | null;
  readonly entries: NewEntry[];
}

/** Which session a line belongs to; undefined for a line that belongs to none, such as a file snapshot. */
export function sessionOfLine(
  line: TranscriptLine,
): { readonly externalId: string; readonly agentId: string | null } | undefined {
  if (line.sessionId === undefined) return undefined;
  const agentId = line.agentId ?? (line.isSidechain === true ? 'sidechain' : null);
  return { externalId: agentId === null ? line.sessionId : `${line.sessionId}/${agentId}`, agentId };
}

export function openTranscriptSession(
  line: TranscriptLine,
  externalId: string,
  agentId: string | null,
): TranscriptSession {
  return {
    externalId,
    parentExternalId: agentId === null ? null : (line.sessionId ?? null),
    agentId,
    project: null,
    gitBranch: null,
    version: null,
    model: null,
    startedAt: null,
    endedAt: null,
    entries: [],
  };
}

/** Takes over what a line says about its session as a whole. */
export function observeLine(session: TranscriptSession, line: TranscriptLine): void {
  session.project ??= line.cwd ?? null;
  session.gitBranch = line.gitBranch ?? session.gitBranch;
  session.version = line.version ?? session.version;
  session.model = line.message?.model ?? session.model;
  if (line.timestamp === undefined) return;
  const at = Date.parse(line.timestamp);
  session.startedAt = Math.min(session.startedAt ?? at, at);
  session.endedAt = Math.max(session.endedAt ?? at, at);
}

export function toImportOptions(session: TranscriptSession, fallbackTime: number): ImportOptions {
  const metadata = {
    gitBranch: session.gitBranch,
    version: session.version,
    model: session.model,
    ...(session.agentId === null
      ? {}
      : { agentId: session.agentId, parentExternalId: session.parentExternalId }),
  };
  return {
    kind: session.agentId === null ? 'agent' : 'sub-agent',
    source: CLAUDE_CODE_SOURCE,
    externalId: session.externalId,
    project: session.project,
    agent: CLAUDE_CODE_SOURCE,
    metadata,
    startedAt: session.startedAt ?? fallbackTime,
    endedAt: session.endedAt ?? fallbackTime,
    entries: session.entries,
  };
}
