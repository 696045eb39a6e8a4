import { parseIdentity, type Liveness, type ProcessIdentity } from '@endwell/proc-guard';

import type { SessionStore } from '../store/session-store.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Whether a session's owner still lives. `isAlive` cannot tell an earlier boot of this machine
 * from another machine; a store that only this machine uses can: what ran before the boot is dead.
 */
export function ownerState(
  owner: ProcessIdentity,
  reach: SessionStore['reach'],
  surroundings: Surroundings,
): Liveness {
  const self = surroundings.self();
  if (reach === 'machine' && self !== undefined && owner.bootId !== self.bootId) return 'dead';
  return surroundings.isAlive(owner);
}

/** Undefined for a text that is no identity: then only the session's deadline tells. */
export function readOwner(identity: string): ProcessIdentity | undefined {
  try {
    return parseIdentity(identity);
  } catch {
    return undefined;
  }
}
