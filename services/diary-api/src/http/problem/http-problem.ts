import type { HTTP_PROBLEM_CODES } from './problem-codes.ts';

const marker = Symbol.for('@endwell/diary-api/http-problem');

export interface HttpProblemDetail {
  readonly cause?: unknown;
  /** When it makes sense to try again. */
  readonly retryAfterMs?: number | undefined;
  /** What the caller has to know to go on, such as what would be forgotten. */
  readonly preview?: Readonly<Record<string, number>> | undefined;
}

/** Thrown by a route or a hook that answers with a problem document of its own. */
export class HttpProblem extends Error {
  override readonly name: string = 'HttpProblem';
  readonly code: (typeof HTTP_PROBLEM_CODES)[number];
  readonly retryAfterMs: number | undefined;
  readonly preview: Readonly<Record<string, number>> | undefined;
  readonly [marker]: true = true;

  constructor(code: (typeof HTTP_PROBLEM_CODES)[number], message: string, detail: HttpProblemDetail = {}) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.retryAfterMs = detail.retryAfterMs;
    this.preview = detail.preview;
  }
}

export function isHttpProblem(value: unknown): value is HttpProblem {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
