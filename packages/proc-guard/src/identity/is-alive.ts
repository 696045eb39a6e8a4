import type { ProcessIdentity } from './process-identity.ts';
import { systemReader, type ProcessReader } from './process-reader.ts';
import { hasEnded } from './process-stat.ts';
import type { ReadIdentityOptions } from './read-identity.ts';

/**
 * `unknown`: it cannot be looked at from here (another host, another pid namespace, hidden by
 * `hidepid`), so only a lease can tell.
 */
export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * Asks the kernel whether exactly this process still runs. A zombie is dead, and so is a process
 * whose pid somebody else has now. An earlier boot of this host cannot be told from another host:
 * both are `unknown`.
 */
export function isAlive(identity: ProcessIdentity, options: ReadIdentityOptions = {}): Liveness {
  const reader = options.reader ?? systemReader();
  if (identity.bootId !== reader.bootId || !reader.isOurs || !isVisible(identity, reader)) return 'unknown';
  let stat = reader.stat(identity.pid);
  if (stat === undefined) {
    if (reader.probe(identity.pid) === 'absent') return 'dead';
    // Either it is hidden from us, or somebody got the pid between the two questions.
    stat = reader.stat(identity.pid);
    if (stat === undefined) return 'unknown';
  }
  // Windows has no start time for a process other than our own.
  if (stat.startTime === 0) return 'unknown';
  return stat.startTime === identity.startTime && !hasEnded(stat) ? 'alive' : 'dead';
}

/**
 * Whether exactly this process has ended or is about to: the kernel is taking it apart. Its pipes close before it
 * is dead, and on a busy machine much before. A process that cannot be looked at is none that is known to exit.
 */
export function isExiting(identity: ProcessIdentity, options: ReadIdentityOptions = {}): boolean {
  const liveness = isAlive(identity, options);
  if (liveness !== 'alive') return liveness === 'dead';
  const stat = (options.reader ?? systemReader()).stat(identity.pid);
  return stat === undefined || stat.startTime !== identity.startTime || stat.exiting;
}

/** Its pid means something here when it is in our namespace, or the one that this pid shows. */
function isVisible({ pid, pidNamespace }: ProcessIdentity, reader: ProcessReader): boolean {
  return (
    pidNamespace === 0 ||
    pidNamespace === reader.pidNamespace(reader.ownPid) ||
    pidNamespace === reader.pidNamespace(pid)
  );
}
