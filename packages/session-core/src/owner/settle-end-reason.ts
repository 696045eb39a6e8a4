import type { ProcessIdentity } from '@endwell/proc-guard';

import type { CallerEndReason } from '../session/end-reason.ts';

/** How long the kernel may take to tell that an owner has died after its pipe has closed. */
export const SETTLE_MS = 50;

/**
 * Decides between causes that arrive together: a client killed by SIGKILL closes its pipe a
 * moment before the kernel reports its death. Waits up to 50 ms for the owner's state: dead is
 * `owner_died`, anything else the reason that the caller saw.
 */
export async function settleEndReason(
  owner: ProcessIdentity | null,
  fallbackReason: CallerEndReason,
): Promise<CallerEndReason> {
  throw new Error(`not yet: ${owner?.pid} ${fallbackReason}`);
}
