import { z } from 'zod';

/** A time as the old system wrote it: ISO, mostly without a zone and then in the machine's, or seconds since 1970. */
const time = z
  .union([z.string(), z.number()])
  .transform((value) => {
    const at =
      typeof value === 'number' ? (value < 100_000_000_000 ? value * 1000 : value) : Date.parse(value);
    return Number.isFinite(at) && at >= 0 ? Math.round(at) : null;
  })
  .nullish()
  .catch(null);

const text = z.string().nullish().catch(null);

const actionSchema = z.object({
  action_id: z.union([z.string().min(1), z.number().transform(String)]).optional(),
  timestamp: time,
  action_type: text,
  description: text,
  details: z.unknown().optional(),
  files_affected: z.array(z.string()).nullish().catch(null),
  success: z.boolean().nullish().catch(null),
});

export const legacySessionSchema = z.object({
  session_id: z.union([z.string().min(1), z.number().transform(String)]),
  agent_type: text,
  user_id: text,
  project: text,
  start_time: time,
  end_time: time,
  context: z.unknown().optional(),
  actions: z.array(actionSchema).catch([]).default([]),
  last_checkpoint: time,
  recovery_count: z.number().nullish().catch(null),
});

export type LegacySession = z.output<typeof legacySessionSchema>;
export type LegacyAction = z.output<typeof actionSchema>;
