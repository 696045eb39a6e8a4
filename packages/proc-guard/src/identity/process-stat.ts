/** `PF_EXITING` of the kernel's flags (include/linux/sched.h), which has been the same since Linux 2.6. */
const pfExiting = 0x4;

/** What `/proc/<pid>/stat` tells about a process. */
export interface ProcessStat {
  readonly pid: number;
  /** The kernel's name for the program, which the program can set to anything. */
  readonly name: string;
  readonly state: string;
  readonly parentPid: number;
  readonly processGroup: number;
  readonly session: number;
  /** The first thread is on its way out: it runs nothing more, and lets go of what it has open. */
  readonly exiting: boolean;
  readonly threadCount: number;
  /** Clock ticks since the boot. */
  readonly startTime: number;
}

/**
 * Parses `/proc/<pid>/stat` from its last `)`: a program may call itself `x) R 1 (`.
 * Returns undefined for a text that is no stat line.
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const stat = {
    pid: Number.parseInt(text, 10),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parentPid: Number(fields[1]),
    processGroup: Number(fields[2]),
    session: Number(fields[3]),
    exiting: (Number(fields[6]) & pfExiting) !== 0,
    threadCount: Number(fields[17]),
    startTime: Number(fields[19]),
  };
  return Number.isInteger(stat.pid) && Number.isInteger(stat.startTime) ? stat : undefined;
}

/**
 * A zombie has ended. Only when its first thread has ended before the others does the kernel
 * show a `Z` for a process that still runs.
 */
export function hasEnded(stat: ProcessStat): boolean {
  if (stat.state === 'X' || stat.state === 'x') return true;
  return stat.state === 'Z' && !(stat.threadCount > 1);
}
