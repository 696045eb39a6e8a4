import type { Entry } from './entry.ts';
import type { PreparedEntry } from './prepared-entry.ts';

/** The entry as readers see it. */
export function toEntry(
  sessionId: string,
  sequence: number,
  prepared: Omit<PreparedEntry, 'contentHash'>,
  recordedAt: number,
  purgedAt: number | null,
): Entry {
  return {
    sessionId,
    sequence,
    type: prepared.type,
    text: prepared.text,
    data: prepared.dataJson === null ? null : (JSON.parse(prepared.dataJson) as Record<string, unknown>),
    idempotencyKey: purgedAt === null ? prepared.idempotencyKey : null,
    recordedAt,
    occurredAt: prepared.occurredAt,
    purgedAt,
  };
}
