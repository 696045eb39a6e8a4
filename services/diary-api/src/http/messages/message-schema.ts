import { z } from 'zod';

import { afterSequence } from '../entries/entry-schema.ts';
import { idempotencyKey, jsonObject, occurredAt, storableText, timeText } from '../schema/text-schema.ts';

const filePath = storableText(4_096);

/** What was said. */
export const messageSchema = z.object({
  sessionId: z.string(),
  sequence: z.int(),
  /** `user`, `assistant`, `system`, `tool_result`; `reasoning` where an agent's thoughts are an entry of their own. */
  role: z.string().nullable(),
  content: z.string().nullable(),
  reasoning: z.string().nullable(),
  toolsUsed: z.array(z.string()),
  /** The files that it refers to. */
  files: z.array(z.string()),
  context: z.unknown(),
  idempotencyKey: z.string().nullable(),
  recordedAt: timeText,
  occurredAt: timeText.nullable(),
});

export type MessageView = z.output<typeof messageSchema>;

export const newMessageSchema = z.strictObject({
  role: z.enum(['user', 'assistant', 'system', 'tool_result']),
  content: storableText(200_000, 0),
  /** Why it was said. */
  reasoning: storableText(200_000).nullish(),
  toolsUsed: z.array(storableText(200)).max(1_000).optional(),
  files: z.array(filePath).max(1_000).optional(),
  context: jsonObject.nullish(),
  idempotencyKey: idempotencyKey.nullish(),
  occurredAt: occurredAt.nullish(),
});

export type NewMessageRequest = z.output<typeof newMessageSchema>;

export const listMessagesSchema = z.strictObject({
  after: afterSequence,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  role: z.enum(['user', 'assistant', 'system', 'tool_result', 'reasoning']).optional(),
  /** Messages that refer to this file. */
  file: filePath.optional(),
});

export const messageListSchema = z.object({
  messages: z.array(messageSchema),
  /** Give it as `after` to go on; null at the end. A page may have fewer than `limit`. */
  nextAfter: z.int().nullable(),
});
