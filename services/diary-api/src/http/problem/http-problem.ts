import type { HTTP_PROBLEM_CODES } from './problem-codes.ts';

const marker = Symbol.for('@endwell/diary-api/http-problem');

/** Thrown by a route or a hook that answers with a problem document of its own. */
export class HttpProblem extends Error {
  override readonly name: string = 'HttpProblem';
  readonly code: (typeof HTTP_PROBLEM_CODES)[number];
  readonly [marker]: true = true;

  constructor(
    code: (typeof HTTP_PROBLEM_CODES)[number],
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}

export function isHttpProblem(value: unknown): value is HttpProblem {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
