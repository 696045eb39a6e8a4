import { z } from 'zod';

/** The argument that carries state across calls. */
export const sessionId: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe("From start_session. Default: this client's own active session.");
