import type { z } from 'zod';

import { SessionError, type SessionErrorCode } from './session-error.ts';

/**
 * Checks what a caller gave.
 *
 * @throws SessionError with the path of the first thing that is wrong.
 */
export function checkOptions<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: SessionErrorCode = 'INVALID_OPTIONS',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  throw new SessionError(code, `${path === '' ? 'options' : path}: ${issue?.message ?? 'invalid'}`, { path });
}
