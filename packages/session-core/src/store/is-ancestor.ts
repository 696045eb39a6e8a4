import type { Session } from '../session/session.ts';
import type { SessionRows } from './session-rows.ts';

/** Whether the candidate is the session itself or above it. */
export function isAncestor(rows: SessionRows, candidate: Session, from: Session | null): boolean {
  for (let at = from; at !== null; at = at.parentId === null ? null : (rows.find(at.parentId) ?? null)) {
    if (at.id === candidate.id) return true;
  }
  return false;
}
