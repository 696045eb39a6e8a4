import { z } from 'zod';

export const project: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .describe('Default: the working directory.');

/** Lines for an agent to read. */
export const lines: z.ZodArray<z.ZodString> = z.array(z.string());
