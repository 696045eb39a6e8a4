import { readFileSync, readlinkSync } from 'node:fs';

import { errnoCode } from '../errors/errno-code.ts';
import { portableReader } from './portable-reader.ts';
import { parseProcessStat, type ProcessStat } from './process-stat.ts';

/** How processes are looked at. A test injects its own, for example to play a reused pid. */
export interface ProcessReader {
  readonly bootId: string;
  /** The namespace in which this reader's pids count; undefined when it cannot be known. */
  readonly pidNamespace: number | undefined;
  readonly ownPid: number;
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
    pidNamespace: ownPidNamespace(),
    ownPid: process.pid,
    stat: (pid) => {
      const text = readProcFile(`/proc/${pid}/stat`);
      return text === undefined ? undefined : parseProcessStat(text);
    },
    commandLine: (pid) => readProcFile(`/proc/${pid}/cmdline`),
    probe: probePid,
  };
}

/** In a namespace whose `/proc` still belongs to the outer one, the numbers there are not our pids. */
function ownPidNamespace(): number | undefined {
  if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
  const match = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'));
  return match === null ? undefined : Number(match[1]);
}

const gone = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (gone.has(errnoCode(error) ?? '')) return undefined;
    throw error;
  }
}

export function probePid(pid: number): 'present' | 'forbidden' | 'absent' {
  try {
    process.kill(pid, 0);
    return 'present';
  } catch (error) {
    return errnoCode(error) === 'EPERM' ? 'forbidden' : 'absent';
  }
}
