import { sameIdentity, type ProcessIdentity } from '@endwell/proc-guard';

import type { CallerEndReason } from '../session/end-reason.ts';
import { systemSurroundings, type Surroundings } from './surroundings.ts';

/** How long the kernel may take to tell that an owner has died after its pipe has closed. */
const settleMs = 50;

/**
 * Decides between causes that arrive together: a client killed by SIGKILL closes its pipe a
 * moment before the kernel reports its death. One that is dead or exiting by now is `owner_died`; where that
 * cannot be seen (only Linux shows it) its death is waited for up to 50 ms. Anything else is the reason that the
 * caller saw.
 */
export function settleEndReason(
  owner: ProcessIdentity | null,
  fallbackReason: CallerEndReason,
): Promise<CallerEndReason> {
  return settleEndReasonIn(systemSurroundings, owner, fallbackReason);
}

export function settleEndReasonIn(
  { self: identifySelf, isAlive, isExiting, watchProcess, setShortTimer }: Surroundings,
  owner: ProcessIdentity | null,
  fallbackReason: CallerEndReason,
): Promise<CallerEndReason> {
  const self = identifySelf();
  // While we can ask, we are alive.
  const own = owner !== null && self !== undefined && sameIdentity(owner, self);
  if (owner === null || own || isAlive(owner) === 'unknown') return Promise.resolve(fallbackReason);
  if (isExiting(owner)) return Promise.resolve('owner_died');
  return new Promise((resolve) => {
    // Referenced: the process must not exit while it is being decided why its sessions end.
    const timer = setShortTimer(() => {
      watch.close();
      resolve(isExiting(owner) ? 'owner_died' : fallbackReason);
    }, settleMs);
    const watch = watchProcess(owner, ({ state }) => {
      timer.cancel();
      resolve(state === 'dead' ? 'owner_died' : fallbackReason);
    });
  });
}
