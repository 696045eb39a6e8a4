import type { EndReason, Session } from '@endwell/session-core';

import { toTimestamp } from './session-view.ts';

/** What each end that nobody asked for means to whoever goes on from there. */
const warnings: Readonly<Partial<Record<EndReason, string>>> = {
  owner_died: 'its client died, so its last steps may be half done',
  client_disconnected: 'its client went away without ending it',
  idle_timeout: 'it was left without activity',
  max_lifetime: 'it reached its longest lifetime',
  terminated: 'an operator ended it',
  shutdown: 'its server was shut down',
  parent_ended: 'the session that it belonged to ended',
};

/** A sentence for an end that was not `completed`; undefined for one that was, and for an import. */
export function describeBadEnd({ id, endReason, endedAt }: Session): string | undefined {
  const why = endReason === null ? undefined : warnings[endReason];
  if (why === undefined) return undefined;
  const at = endedAt === null ? '' : ` at ${toTimestamp(endedAt)}`;
  return `Session ${id} ended with ${endReason ?? ''}${at}: ${why}.`;
}
