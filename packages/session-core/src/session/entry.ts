/** One line of a session's journal. */
export interface Entry {
  readonly sessionId: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly type: string;
  readonly text: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly idempotencyKey: string | null;
  /** When it was stored. */
  readonly recordedAt: number;
  /** When it happened, where the caller knows better. */
  readonly occurredAt: number | null;
  /** When its content was purged; what is left is a tombstone without text, data and key. Else null. */
  readonly purgedAt: number | null;
}

/** What `record` takes. `text` or `data` must be there. */
export interface NewEntry {
  /** The kind of entry, such as `message` or `action`; 1 to 64 characters. */
  readonly type: string;
  readonly text?: string | null | undefined;
  /** Plain JSON, at most 64 levels deep. */
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  /** Recording again with the same key and content adds nothing; other content is refused. */
  readonly idempotencyKey?: string | null | undefined;
  /** Milliseconds since 1970. */
  readonly occurredAt?: number | null | undefined;
}
