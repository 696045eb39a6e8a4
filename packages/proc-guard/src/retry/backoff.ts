import type { BackoffPolicy } from './retry-policy.ts';

/**
 * The wait after a failed attempt, within `maxDelayMs`. Full and decorrelated jitter are those of
 * "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): at the cap the wait still is
 * random, so that callers who failed together do not come back together.
 *
 * @param attempt the attempt that has just failed, from 1
 * @param lastDelayMs the wait before it, 0 before the first
 */
export function backoffDelay(
  policy: BackoffPolicy,
  attempt: number,
  lastDelayMs: number,
  random: () => number = Math.random,
): number {
  const { initialDelayMs, maxDelayMs, factor } = policy;
  if (policy.jitter === 'decorrelated') {
    const upper = Math.min(maxDelayMs, Math.max(initialDelayMs, lastDelayMs * 3));
    return initialDelayMs + random() * (upper - initialDelayMs);
  }
  const exponential = Math.min(maxDelayMs, initialDelayMs * factor ** (attempt - 1));
  return policy.jitter === 'full' ? random() * exponential : exponential;
}
