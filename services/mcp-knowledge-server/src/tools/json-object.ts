import { z } from 'zod';

/** Any JSON object. What arrives over the wire is JSON already, so the schema need not spell it out. */
export const jsonObject: z.ZodRecord<z.ZodString, z.ZodUnknown> = z.record(z.string(), z.unknown());
