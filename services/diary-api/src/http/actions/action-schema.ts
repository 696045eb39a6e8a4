import { z } from 'zod';

import { afterSequence } from '../entries/entry-schema.ts';
import { idempotencyKey, jsonObject, occurredAt, storableText, timeText } from '../schema/text-schema.ts';

const filePath = storableText(4_096);

/** What an agent did. */
export const actionSchema = z.object({
  sessionId: z.string(),
  sequence: z.int(),
  /** Such as `edit`, `test` or the name of a tool. */
  type: z.string().nullable(),
  description: z.string().nullable(),
  details: z.unknown(),
  /** The files that it affected. */
  files: z.array(z.string()),
  /** Null when nobody has said. */
  success: z.boolean().nullable(),
  idempotencyKey: z.string().nullable(),
  recordedAt: timeText,
  occurredAt: timeText.nullable(),
});

export type ActionView = z.output<typeof actionSchema>;

export const newActionSchema = z.strictObject({
  type: storableText(64),
  description: storableText(100_000),
  details: jsonObject.nullish(),
  files: z.array(filePath).max(1_000).optional(),
  success: z.boolean().nullish(),
  idempotencyKey: idempotencyKey.nullish(),
  occurredAt: occurredAt.nullish(),
});

export type NewActionRequest = z.output<typeof newActionSchema>;

export const listActionsSchema = z.strictObject({
  after: afterSequence,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  type: storableText(64).optional(),
  success: z.enum(['true', 'false']).optional(),
  /** Actions that affected this file. */
  file: filePath.optional(),
});

export const actionListSchema = z.object({
  actions: z.array(actionSchema),
  /** Give it as `after` to go on; null at the end. A page may have fewer than `limit`. */
  nextAfter: z.int().nullable(),
});
