import { END_REASONS } from '@endwell/session-core';
import { z } from 'zod';

import { type ProblemCode, problemKinds } from './problem-codes.ts';

/** RFC 9457, with a stable `code` and what helps to do better next time. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  /** The id of the request, which is also in the log. */
  requestId: z.string(),
  /** Which fields are wrong. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  sessionId: z.string().optional(),
  reason: z.enum(END_REASONS).optional(),
  retryAfterMs: z.number().optional(),
  /** What a confirmation would do, in numbers. */
  preview: z.record(z.string(), z.number()).optional(),
});

export type Problem = z.output<typeof problemSchema>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function createProblem(
  code: ProblemCode,
  detail: string,
  requestId: string,
  more: Partial<Pick<Problem, 'errors' | 'sessionId' | 'reason' | 'retryAfterMs' | 'preview'>> = {},
): Problem {
  const { status, title } = problemKinds[code];
  return { type: `urn:endwell:problem:${code}`, title, status, code, detail, requestId, ...more };
}
