import type { EndReason } from './end-reason.ts';
import type { JsonObject } from './session-types.ts';

/** The process whose death ends the session. */
export interface SessionOwner {
  /** The text form of proc-guard's process identity. */
  readonly identity: string;
  /** The name of the machine, for people. */
  readonly host: string;
}

/** A session as it was at one moment. Times are milliseconds since 1970. */
export interface Session<Metadata = JsonObject> {
  /** `ses_` and a UUIDv7. */
  readonly id: string;
  readonly kind: string;
  readonly project: string | null;
  readonly agent: string | null;
  readonly user: string | null;
  readonly parentId: string | null;
  /** Who gave `externalId`, for example the name of a coding agent. */
  readonly source: string | null;
  /** The session's id in the program that it belongs to; with `source` unique among active sessions. */
  readonly externalId: string | null;
  /** The ended session with the same `source` and `externalId` that this one goes on from. */
  readonly continues: string | null;
  readonly metadata: Metadata;
  /** Null when only a deadline or a call ends it, as for a session over HTTP. */
  readonly owner: SessionOwner | null;
  readonly startedAt: number;
  readonly lastActiveAt: number;
  /** When it ends unless there is activity; never past `startedAt + maxLifetimeMs`. */
  readonly expiresAt: number;
  readonly idleTtlMs: number;
  readonly maxLifetimeMs: number;
  /**
   * How far the clock of deadlines was ahead of the one on the wall when the session started: 0
   * unless somebody has set the wall clock by more than a second since the first session of this
   * boot. All times of a session go on evenly from its start, whoever sets the wall clock later.
   */
  readonly clockOffsetMs: number;
  /** Rises with every change of state or metadata, not with touch and record: a fencing token. */
  readonly revision: number;
  readonly state: 'active' | 'ended';
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
  readonly endNote: string | null;
  /** The number of journal entries, which is also the last sequence number. */
  readonly entryCount: number;
}
