import type { ShutdownCause } from '@endwell/proc-guard';
import type { CallerEndReason } from '@endwell/session-core';

/**
 * Why the sessions started here end when the server does. `endOwned` still looks whether the
 * client has died, because a killed client closes its pipe a moment before the kernel reports it.
 */
export function endReasonOf(cause: ShutdownCause): CallerEndReason {
  switch (cause.kind) {
    case 'stdin-end':
      return 'client_disconnected';
    case 'parent-exit':
      // A wrapper that died has cut us off from a client that may live on.
      return cause.exit?.layer === 'native' && cause.exit.role === 'client'
        ? 'owner_died'
        : 'client_disconnected';
    default:
      return 'shutdown';
  }
}
