import { HttpProblem } from '../problem/http-problem.ts';

/** One entry has one key, wherever it was given. */
export function oneKey(body: string | null | undefined, header: string | undefined): string | null {
  if (body != null && header !== undefined && body !== header) {
    throw new HttpProblem(
      'INVALID_REQUEST',
      'headers.idempotency-key: differs from body.idempotencyKey; give one of them.',
    );
  }
  return body ?? header ?? null;
}
