/** A checked entry, in the form in which stores keep it. */
export interface PreparedEntry {
  readonly type: string;
  readonly text: string | null;
  /** The data as JSON. */
  readonly dataJson: string | null;
  readonly idempotencyKey: string | null;
  /** A digest of the content, which tells a repeated write from a reused key; null without a key. */
  readonly contentHash: string | null;
  readonly occurredAt: number | null;
}
