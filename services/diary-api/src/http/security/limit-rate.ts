import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { HttpProblem } from '../problem/http-problem.ts';

const WINDOW_MS = 1_000;

/** Refuses what one address sends beyond `perSecond` requests. The plugin has to be loaded. */
export function createRateCheck(
  app: FastifyInstance,
  perSecond: number,
): (request: FastifyRequest) => Promise<void> {
  const check = app.createRateLimit({ max: perSecond, timeWindow: WINDOW_MS });
  return async (request) => {
    const limit = await check(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    throw new HttpProblem('RATE_LIMITED', `One address may send ${perSecond} requests in a second.`, {
      retryAfterMs: limit.ttl,
    });
  };
}

export function loadRateLimit(app: FastifyInstance): void {
  app.register(rateLimit, { global: false });
}
