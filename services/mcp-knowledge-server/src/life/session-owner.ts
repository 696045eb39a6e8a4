import { findClient, type ProcessIdentity } from '@endwell/proc-guard';

/**
 * Whose death ends the sessions: the agent that started this server. Undefined, which stands for
 * this process, when the agent cannot be seen or had died before we looked: pid 1 adopts orphans,
 * and never dies itself.
 */
export function findSessionOwner(): ProcessIdentity | undefined {
  const { client } = findClient();
  return client === undefined || client.pid === 1 ? undefined : client;
}
