import { ProcGuardError } from '../errors/proc-guard-error.ts';

/**
 * Which process, without doubt. A pid alone is reused within a minute on a busy machine, and
 * containers share a boot id but not their pids.
 */
export interface ProcessIdentity {
  /** The kernel's id of this boot. */
  readonly bootId: string;
  /** The number of the process's pid namespace; 0 where it cannot be read. */
  readonly pidNamespace: number;
  /** As counted in the `/proc` of whoever made the identity. */
  readonly pid: number;
  /** When the process started, in clock ticks since the boot. */
  readonly startTime: number;
}

const pattern = /^([0-9A-Za-z-]{1,64}):(0|[1-9]\d{0,14}):([1-9]\d{0,9}):(0|[1-9]\d{0,14})$/;

/** The text form, `<bootId>:<pidNamespace>:<pid>:<startTime>`. */
export function formatIdentity(identity: ProcessIdentity): string {
  return `${identity.bootId}:${identity.pidNamespace}:${identity.pid}:${identity.startTime}`;
}

/**
 * Reads the text form back.
 *
 * @throws ProcGuardError `INVALID_IDENTITY` for anything else.
 */
export function parseIdentity(text: string): ProcessIdentity {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  const [, bootId, pidNamespace, pid, startTime] = match ?? [];
  if (bootId === undefined || Number(pid) > 0x7fff_ffff) {
    throw new ProcGuardError(
      'INVALID_IDENTITY',
      `not a process identity (<bootId>:<pidNamespace>:<pid>:<startTime>): ${JSON.stringify(text)}`,
    );
  }
  return { bootId, pidNamespace: Number(pidNamespace), pid: Number(pid), startTime: Number(startTime) };
}

export function sameIdentity(left: ProcessIdentity, right: ProcessIdentity): boolean {
  return (
    left.pid === right.pid &&
    left.startTime === right.startTime &&
    left.pidNamespace === right.pidNamespace &&
    left.bootId === right.bootId
  );
}
