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

/**
 * A time as the API shows it. Not checked again on the way out: what the store has is answered, also a time
 * that nobody meant.
 */
export const timeText: z.ZodString = z.string().meta({ format: 'date-time' });
