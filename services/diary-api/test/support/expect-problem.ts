import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { problemKinds } from '../../src/http/problem/problem-codes.ts';
import type { Problem } from '../../src/http/problem/problem-document.ts';

/** The answer is the problem document of this code, and tells nothing of what is inside. */
export function expectProblem(response: LightMyRequestResponse, code: keyof typeof problemKinds): Problem {
  const problem = response.json<Problem>();
  expect(problem.code, response.body).toBe(code);
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(response.statusCode).toBe(problemKinds[code].status);
  expect(problem).toMatchObject({
    type: `urn:endwell:problem:${code}`,
    title: problemKinds[code].title,
    status: problemKinds[code].status,
    requestId: response.headers['x-request-id'],
    detail: expect.stringMatching(/\S/),
  });
  expect(response.body).not.toMatch(/\bat .*\.ts:\d+/);
  return problem;
}
