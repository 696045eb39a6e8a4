import { z } from 'zod';

const processSchema = z.object({
  pid: z.int(),
  parentPid: z.int(),
  /** In clock ticks since boot: with the pid, which process it is. */
  startTime: z.number(),
  ageMs: z.number(),
  residentBytes: z.number(),
  command: z.array(z.string()),
});

export type ProcessView = z.output<typeof processSchema>;

export const processesSchema = z.object({
  trees: z.array(
    z.object({
      id: z.string(),
      /** `guarded`, `ending`, `orphaned`, `guard-lost` or `unknown`. */
      state: z.string(),
      owner: z.string(),
      ownerState: z.string(),
      guardPid: z.int(),
      members: z.array(processSchema),
    }),
  ),
  suspects: z.array(
    z.object({
      process: processSchema,
      reason: z.string(),
      explanation: z.string(),
      descendants: z.array(processSchema),
    }),
  ),
});

export type ProcessReport = z.output<typeof processesSchema>;

export const reapRequestSchema = z
  .strictObject({
    /** Only what these belong to; a suspect is ended only when it is named. Without any: all trees whose owner is dead. */
    pids: z
      .array(
        z
          .int()
          .min(1)
          .max(2 ** 31 - 1),
      )
      .min(1)
      .max(1_000)
      .optional(),
    /** Between TERM and KILL. */
    graceMs: z.int().min(0).max(10_000).default(2_000),
    /** `planId` of the answer without it: ends exactly what was shown there. */
    confirm: z.string().min(1).max(100).optional(),
  })
  .nullish();

export const reapAnswerSchema = z.object({
  /** False for a preview: nothing was ended. */
  done: z.boolean(),
  planId: z.string(),
  items: z.array(
    z.object({
      kind: z.enum(['tree', 'suspect', 'guard-lost']),
      id: z.string(),
      reason: z.string(),
      members: z.array(processSchema),
      /** Those that could not be ended. */
      left: z.array(z.int()),
    }),
  ),
  /** What was named, or is left over, and is not touched. */
  refused: z.array(z.object({ pid: z.int(), reason: z.string() })),
});

export type ReapAnswer = z.output<typeof reapAnswerSchema>;
