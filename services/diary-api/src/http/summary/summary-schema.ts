import { z } from 'zod';

import { timeText } from '../schema/text-schema.ts';

const previewSchema = z.object({
  sequence: z.int(),
  role: z.string().nullable(),
  at: timeText,
  /** The beginning, at most 200 characters. */
  text: z.string(),
});

const countsSchema = z.record(z.string(), z.int());

/** A conversation in figures, with how it began and where it is. */
export const summarySchema = z.object({
  sessionId: z.string(),
  state: z.enum(['active', 'ended']),
  durationMs: z.number(),
  entries: z.object({ total: z.int(), byType: countsSchema }),
  messages: z.object({
    total: z.int(),
    byRole: countsSchema,
    characters: z.object({ total: z.int(), average: z.number(), longest: z.int() }),
  }),
  actions: z.object({ total: z.int(), byType: countsSchema, succeeded: z.int(), failed: z.int() }),
  /** How many files are named. */
  files: z.int(),
  first: previewSchema.nullable(),
  last: previewSchema.nullable(),
  /** The last five messages, the newest last. */
  recent: z.array(previewSchema),
});

export type Summary = z.output<typeof summarySchema>;
export type MessagePreview = z.output<typeof previewSchema>;
