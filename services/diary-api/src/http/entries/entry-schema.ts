import { z } from 'zod';

import { idempotencyKey, jsonObject, occurredAt, storableText, timeText } from '../schema/text-schema.ts';

/** One line of a session's journal as the API shows it. */
export const entrySchema = z.object({
  sessionId: z.string(),
  sequence: z.int(),
  type: z.string(),
  text: z.string().nullable(),
  data: jsonObject.nullable(),
  idempotencyKey: z.string().nullable(),
  recordedAt: timeText,
  occurredAt: timeText.nullable(),
  /** When it was forgotten: its place is kept, and nothing of what it said. */
  purgedAt: timeText.nullable(),
});

export type EntryView = z.output<typeof entrySchema>;

export const entryListSchema = z.object({
  entries: z.array(entrySchema),
  /** Give it as `after` to go on; null on the last page. */
  nextAfter: z.int().nullable(),
});

/** Text and data together may have 256 KiB; one of them must be there. */
export const newEntrySchema = z.strictObject({
  type: storableText(64),
  text: storableText(256 * 1024, 0).nullish(),
  data: jsonObject.nullish(),
  idempotencyKey: idempotencyKey.nullish(),
  occurredAt: occurredAt.nullish(),
});

export type NewEntryRequest = z.output<typeof newEntrySchema>;

const MAX_BATCH_ENTRIES = 1_000;

export const newEntriesSchema = z.strictObject({
  entries: z.array(newEntrySchema).min(1).max(MAX_BATCH_ENTRIES),
});

/** Where each entry of a batch is, in the order of the batch; what it says the caller knows. */
export const recordedEntriesSchema = z.object({
  entries: z.array(
    z.object({ sequence: z.int(), idempotencyKey: z.string().nullable(), recordedAt: timeText }),
  ),
});

/** A place in a journal. */
export const afterSequence = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);

export const listEntriesSchema = z.strictObject({
  after: afterSequence,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  type: storableText(64).optional(),
});
