import type { EndReason } from '../../session/end-reason.ts';
import type { Session } from '../../session/session.ts';

/** What was seen of a session from outside, step by step. */
export interface KnownSession {
  readonly id: string;
  readonly owner: string | null;
  readonly parentId: string | null;
  readonly source: string | null;
  readonly externalId: string | null;
  readonly startedAt: number;
  readonly idleTtlMs: number;
  readonly maxLifetimeMs: number;
  readonly clockOffsetMs: number;
  readonly children: KnownSession[];
  /** The text of each entry, in order. */
  readonly journal: string[];
  readonly keys: Set<string>;
  lastActiveAt: number;
  revision: number;
  end: { readonly reason: EndReason; readonly at: number } | null;
  /** Somebody was shown that its deadline had ended it. */
  shownEnded: boolean;
}

export function knowSession(session: Session): KnownSession {
  return {
    id: session.id,
    owner: session.owner?.identity ?? null,
    parentId: session.parentId,
    source: session.source,
    externalId: session.externalId,
    startedAt: session.startedAt,
    idleTtlMs: session.idleTtlMs,
    maxLifetimeMs: session.maxLifetimeMs,
    clockOffsetMs: session.clockOffsetMs,
    children: [],
    journal: [],
    keys: new Set(),
    lastActiveAt: session.lastActiveAt,
    revision: session.revision,
    end: null,
    shownEnded: false,
  };
}

/** On the session's own clock. Said again here and not taken from the state machine, which is under test. */
export function latestEnd(known: KnownSession): number {
  return Math.min(known.lastActiveAt + known.idleTtlMs, known.startedAt + known.maxLifetimeMs);
}

/** On the machine's clock. */
export function latestEndHere(known: KnownSession): number {
  return latestEnd(known) + known.clockOffsetMs;
}
