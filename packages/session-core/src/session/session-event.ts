import type { EndReason } from './end-reason.ts';

export const SESSION_EVENT_TYPES = [
  'session:started',
  'session:ended',
  'session:recorded',
  'session:purged',
] as const;

export type SessionEventType = (typeof SESSION_EVENT_TYPES)[number];

/**
 * One line of the store's durable event log. Deliver it at least once and key it by
 * `(sessionId, revision)`: a session has exactly one `session:ended`. After `session:purged` without a
 * sequence number, whatever was kept of that session is to be forgotten; its earlier events are gone.
 */
export interface SessionEvent {
  /** Where this event is in the log; give it as `after` to go on from here. */
  readonly cursor: string;
  readonly type: SessionEventType;
  readonly sessionId: string;
  readonly revision: number;
  /** Only with `session:ended`. */
  readonly reason: EndReason | null;
  /** With `session:recorded` the last sequence number, with `session:purged` that of a purged entry; else null. */
  readonly sequence: number | null;
  /** When it was stored, in milliseconds since 1970. */
  readonly at: number;
}
