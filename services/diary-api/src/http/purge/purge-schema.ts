import { z } from 'zod';

import { storableText } from '../schema/text-schema.ts';

const endActive = z.enum(['true', 'false']).default('false');

export const purgeSessionQuerySchema = z.strictObject({
  /** The session's id again. Without it nothing is forgotten, and the answer says what would be. */
  confirm: storableText(64).optional(),
  /** Ends what is still active instead of refusing. */
  endActive,
});

export const purgeProjectQuerySchema = z.strictObject({
  project: storableText(1_024),
  /** The project again. Without it nothing is forgotten, and the answer says what would be. */
  confirm: storableText(1_024).optional(),
  endActive,
});

export const entryParametersSchema = z.object({
  id: storableText(64),
  sequence: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});

export const purgeEntryQuerySchema = z.strictObject({
  /** The sequence number again. */
  confirm: z.coerce.number().int().optional(),
});

export const purgeResultSchema = z.object({
  /** How many sessions are gone. */
  sessions: z.int(),
  /** How many entries are gone. */
  entries: z.int(),
  /** The file still holds it, because somebody was reading all the time; it goes with a later write. */
  pending: z.boolean(),
});

export type PurgeAnswer = z.output<typeof purgeResultSchema>;
