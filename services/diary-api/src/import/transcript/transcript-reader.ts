import type { NewEntry } from '@endwell/session-core';

/** What an imported entry is, for people and for the counts. */
export type TranscriptEntryKind =
  | 'user'
  | 'assistant'
  | 'reasoning'
  | 'system'
  | 'tool_use'
  | 'tool_result'
  | 'usage'
  | 'event';

export interface TranscriptEntry {
  readonly kind: TranscriptEntryKind;
  readonly entry: NewEntry;
}

/** Which session a line belongs to. */
export interface TranscriptPlace {
  readonly externalId: string;
  /** The external id of the session whose sub-agent this is. */
  readonly parentExternalId: string | null;
  /** The sub-agent, where it is one. */
  readonly agentId: string | null;
}

/** What one line of a transcript says, whichever program wrote it. */
export interface TranscriptRecord {
  /** The type that the line gives itself. */
  readonly type: string;
  /** Undefined for a line that belongs to no session, such as a file snapshot. */
  readonly place: TranscriptPlace | undefined;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly cwd: string | null;
  readonly gitBranch: string | null;
  readonly version: string | null;
  readonly model: string | null;
  /** None for bookkeeping of the agent's program. */
  readonly entries: readonly TranscriptEntry[];
}

/** Reads the lines of one file in their order. */
export interface TranscriptReader {
  /** The `source` of its sessions, which is also their agent. */
  readonly source: string;
  /** Undefined for a line that is not of this format. */
  read(line: string): TranscriptRecord | undefined;
}
