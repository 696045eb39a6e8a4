import { readFileSync, readlinkSync } from 'node:fs';

import { errnoCode } from '../errors/errno-code.ts';
import { readProcessFile, readProcessLink } from '../process-table/process-files.ts';
import { portableReader } from './portable-reader.ts';
import { parseProcessStat, type ProcessStat } from './process-stat.ts';

/** How processes are looked at. A test injects its own, for example to play a reused pid. */
export interface ProcessReader {
  readonly bootId: string;
  readonly ownPid: number;
  /** Whether the pids that are read are those that we can send signals to. */
  readonly isOurs: boolean;
  /** The number of a process's pid namespace; 0 where it cannot be read. */
  pidNamespace(pid: number): number;
  /** Undefined when there is no such process, or none that we may look at. */
  stat(pid: number): ProcessStat | undefined;
  /** The command line's bytes, with NUL after each argument. */
  commandLine(pid: number): string | undefined;
  /** What sending no signal at all says: is there a process with this pid? */
  probe(pid: number): 'present' | 'forbidden' | 'absent';
}

let cached: ProcessReader | undefined;

/** The reader for this platform. */
export function systemReader(): ProcessReader {
  cached ??= process.platform === 'linux' ? linuxReader() : portableReader();
  return cached;
}

function linuxReader(): ProcessReader {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    ownPid: process.pid,
    // In a namespace whose `/proc` still belongs to the outer one, the numbers there are not our pids.
    isOurs: readlinkSync('/proc/self') === String(process.pid),
    pidNamespace: readPidNamespace,
    stat: (pid) => {
      const text = readProcessFile(`/proc/${pid}/stat`);
      return text === undefined ? undefined : parseProcessStat(text);
    },
    commandLine: (pid) => readProcessFile(`/proc/${pid}/cmdline`),
    probe: probePid,
  };
}

function readPidNamespace(pid: number): number {
  const link = readProcessLink(`/proc/${pid}/ns/pid`);
  return Number(/\[(\d+)\]/.exec(link ?? '')?.[1] ?? 0);
}

export function probePid(pid: number): 'present' | 'forbidden' | 'absent' {
  try {
    process.kill(pid, 0);
    return 'present';
  } catch (error) {
    return errnoCode(error) === 'EPERM' ? 'forbidden' : 'absent';
  }
}
