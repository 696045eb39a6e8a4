import type { DataField, SessionTypes, UntypedSessions } from './session-types.ts';

interface EntryFields {
  readonly sessionId: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly text: string | null;
  readonly idempotencyKey: string | null;
  /** When it was stored. */
  readonly recordedAt: number;
  /** When it happened, where the caller knows better. */
  readonly occurredAt: number | null;
  /** When its content was purged; what is left is a tombstone without text, data and key. Else null. */
  readonly purgedAt: number | null;
}

interface NewEntryFields {
  readonly text?: string | null | undefined;
  /** Recording again with the same key and content adds nothing; other content is refused. */
  readonly idempotencyKey?: string | null | undefined;
  /** Milliseconds since 1970. */
  readonly occurredAt?: number | null | undefined;
}

/** One line of a session's journal; with schemas, a union that `type` tells apart. */
export type Entry<Types extends SessionTypes = UntypedSessions> = {
  readonly [Type in keyof Types['entriesOut'] & string]: EntryFields & {
    readonly type: Type;
    /** Null where there was none, and once it was purged. */
    readonly data: Types['entriesOut'][Type] | null;
  };
}[keyof Types['entriesOut'] & string];

/**
 * What `record` takes: a `type` of 1 to 64 characters, such as `message` or `action`, and `text` or
 * `data` (plain JSON, at most 64 levels deep) or both.
 */
export type NewEntry<Types extends SessionTypes = UntypedSessions> = {
  readonly [Type in keyof Types['entriesIn'] & string]: NewEntryFields & {
    readonly type: Type;
  } & DataField<Types['entriesIn'][Type]>;
}[keyof Types['entriesIn'] & string];
