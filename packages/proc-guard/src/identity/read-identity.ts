import { ProcGuardError } from '../errors/proc-guard-error.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { systemReader, type ProcessReader } from './process-reader.ts';

export interface ReadIdentityOptions {
  /** @defaultValue the operating system */
  readonly reader?: ProcessReader;
}

/** The identity of a process as it is now; undefined when there is none with this pid that we may look at. */
export function readIdentity(pid: number, options: ReadIdentityOptions = {}): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid < 1 || pid > 0x7fff_ffff) {
    throw new ProcGuardError('INVALID_OPTIONS', `pid must be a positive whole number, not ${String(pid)}`, {
      option: 'pid',
    });
  }
  const reader = options.reader ?? systemReader();
  if (!reader.isOurs) return undefined;
  const stat = reader.stat(pid);
  if (stat === undefined) return undefined;
  return { bootId: reader.bootId, pidNamespace: reader.pidNamespace(pid), pid, startTime: stat.startTime };
}

let own: ProcessIdentity | undefined;

/**
 * The identity of this process.
 *
 * @throws ProcGuardError `UNSUPPORTED` where `/proc` is missing or belongs to another pid namespace.
 */
export function currentIdentity(): ProcessIdentity {
  own ??= readIdentity(process.pid);
  if (own === undefined) {
    throw new ProcGuardError(
      'UNSUPPORTED',
      '/proc is missing or belongs to another pid namespace, so this process cannot be identified',
    );
  }
  return own;
}
