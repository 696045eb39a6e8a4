import type { SessionRows } from './session-rows.ts';

/** Asking does not shorten what was given, and a sign is given only where somebody has asked. */
export function setLeaseStep(rows: SessionRows, identity: string, until: number, asked: boolean): boolean {
  const known = rows.findLease(identity);
  if (known === undefined || (known !== null) !== asked) return false;
  rows.storeLease(identity, Math.max(known ?? until, until));
  return true;
}

/** Looked at again in the transaction that ends: the sign may have come in the meantime. */
export function hasLapsed(rows: SessionRows, identity: string, now: number): boolean {
  const until = rows.findLease(identity);
  return typeof until === 'number' && until <= now;
}
