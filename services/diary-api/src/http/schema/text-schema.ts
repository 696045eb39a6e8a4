import { z } from 'zod';

/** Text that the store can keep and give back unchanged: no NUL, no half of a surrogate pair. */
export function storableText(maxLength: number, minLength = 1): z.ZodString {
  return z
    .string()
    .min(minLength)
    .max(maxLength)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not contain NUL or lone surrogates');
}

export const jsonObject: z.ZodRecord<z.ZodString, z.ZodUnknown> = z.record(z.string(), z.unknown());

/** The key with which a repeated write is known. */
export const idempotencyKey: z.ZodString = storableText(200);

export const occurredAt: z.ZodISODateTime = z.iso.datetime({ offset: true });
