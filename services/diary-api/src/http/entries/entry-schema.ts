import { z } from 'zod';

/** One line of a session's journal as the API shows it. */
export const entrySchema = z.object({
  sessionId: z.string(),
  sequence: z.int(),
  type: z.string(),
  text: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
  idempotencyKey: z.string().nullable(),
  recordedAt: z.iso.datetime(),
  occurredAt: z.iso.datetime().nullable(),
});

export type EntryView = z.output<typeof entrySchema>;

export const entryListSchema = z.object({
  entries: z.array(entrySchema),
  /** Give it as `after` to go on; null on the last page. */
  nextAfter: z.int().nullable(),
});

export const newEntrySchema = z.strictObject({
  type: z.string().min(1).max(64),
  text: z.string().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  idempotencyKey: z.string().min(1).max(200).nullish(),
  occurredAt: z.iso.datetime({ offset: true }).nullish(),
});

export type NewEntryRequest = z.output<typeof newEntrySchema>;

const MAX_BATCH_ENTRIES = 1_000;

export const newEntriesSchema = z.strictObject({
  entries: z.array(newEntrySchema).min(1).max(MAX_BATCH_ENTRIES),
});

export const recordedEntriesSchema = z.object({ entries: z.array(entrySchema) });

export const listEntriesSchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  type: z.string().min(1).max(64).optional(),
});
