import type { FastifyInstance } from 'fastify';

import { HttpProblem } from '../problem/http-problem.ts';

const WINDOW_MS = 1_000;
/** Beyond it addresses share one count, so that many of them cannot fill the memory. */
const MAX_ADDRESSES = 10_000;

/**
 * Refuses what one address sends beyond `perSecond` requests in a second, before anything else
 * looks at it. The count is taken in one step: a burst that arrives at once is cut at its limit, not refused as a whole.
 */
export function limitRate(app: FastifyInstance, perSecond: number): void {
  let counts = new Map<string, number>();
  let startedAt = performance.now();
  app.addHook('onRequest', async (request) => {
    const now = performance.now();
    if (now - startedAt >= WINDOW_MS) {
      counts = new Map();
      startedAt = now;
    }
    const address = counts.size < MAX_ADDRESSES || counts.has(request.ip) ? request.ip : 'others';
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    if (count <= perSecond) return;
    throw new HttpProblem('RATE_LIMITED', `One address may send ${perSecond} requests in a second.`, {
      retryAfterMs: Math.ceil(startedAt + WINDOW_MS - now),
    });
  });
}
