import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { createProblem, type Problem, PROBLEM_MEDIA_TYPE } from './problem-document.ts';
import { toProblem } from './to-problem.ts';

/** Makes every failed request, known or not, end with a problem document. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    return sendProblem(
      reply,
      createProblem('ROUTE_NOT_FOUND', `There is no ${request.method} ${path}.`, request.id),
    );
  });
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'request failed');
  else request.log.debug({ code: problem.code, detail: problem.detail }, 'request refused');
  return sendProblem(reply, problem);
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterMs !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retryAfterMs / 1000)));
  }
  // Serialised here, so that no route's response schema can get in the way of an error.
  return reply
    .code(problem.status)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}
