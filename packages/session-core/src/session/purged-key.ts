import { hash } from 'node:crypto';

/** What is left of a purged entry's idempotency key, so that a retried write does not bring the entry back. */
export function purgedKey(key: string): string {
  return `purged:${hash('sha256', key, 'base64url')}`;
}
