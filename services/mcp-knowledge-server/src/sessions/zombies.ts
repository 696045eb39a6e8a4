import { isAlive, isProcGuardError, parseIdentity } from '@endwell/proc-guard';
import type { Session, SessionManager } from '@endwell/session-core';

/** What is known of the process that a session belongs to. `none`: it belongs to nobody, as over HTTP. */
export type OwnerState = 'alive' | 'dead' | 'unknown' | 'none';

export interface Zombie {
  readonly session: Session;
  readonly owner: OwnerState;
  readonly idleMs: number;
}

export function ownerStateOf({ owner }: Session): OwnerState {
  if (owner === null) return 'none';
  try {
    return isAlive(parseIdentity(owner.identity));
  } catch (error) {
    // Written by a program that says it in another form.
    if (isProcGuardError(error) && error.code === 'INVALID_IDENTITY') return 'unknown';
    throw error;
  }
}

/** How many active sessions one clean-up looks at. */
const lookedAt = 500;

/**
 * Active sessions that nobody seems to be behind: idle for a while, and their owner is not known to live.
 * One whose owner lives is never among them, however idle it is: its owner or its deadline ends it.
 */
export async function findZombies(
  manager: SessionManager,
  filter: { readonly project: string | undefined; readonly idleMs: number; readonly now: number },
): Promise<Zombie[]> {
  const { sessions } = await manager.list({ state: 'active', project: filter.project, limit: lookedAt });
  return sessions
    .map((session) => ({
      session,
      owner: ownerStateOf(session),
      idleMs: Math.max(0, filter.now - session.lastActiveAt),
    }))
    .filter(({ owner, idleMs }) => owner === 'dead' || (owner !== 'alive' && idleMs >= filter.idleMs));
}
