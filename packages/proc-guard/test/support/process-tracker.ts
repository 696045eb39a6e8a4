import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

import { errnoCode } from '../../src/errors/errno-code.ts';
import { parseProcessStat, hasEnded } from '../../src/identity/process-stat.ts';
import { eventually } from './eventually.ts';

const cookieName = 'PROC_GUARD_TEST';

export interface TrackedProcess {
  readonly pid: number;
  readonly startTime: number;
  readonly commandLine: string;
}

/** Finds every process that a test has started, and all below it, by a cookie in the environment. */
export interface ProcessTracker extends AsyncDisposable {
  readonly env: NodeJS.ProcessEnv;
  living(): readonly TrackedProcess[];
  /** Waits until nothing is left; fails with what is. */
  untilNoneIsLeft(deadlineMs?: number): Promise<void>;
}

export function createProcessTracker(extraEnv: NodeJS.ProcessEnv = {}): ProcessTracker {
  const cookie = `${cookieName}=${randomUUID()}`;
  const living = (): readonly TrackedProcess[] => processesMarked(cookie);
  return {
    env: { ...process.env, ...extraEnv, [cookieName]: cookie.slice(cookieName.length + 1) },
    living,
    untilNoneIsLeft: async (deadlineMs = 40_000) => {
      try {
        await eventually(
          () => (living().length === 0 ? true : undefined),
          'the end of all processes',
          deadlineMs,
        );
      } catch (error) {
        throw new Error(`left: ${JSON.stringify(living())}`, { cause: error });
      }
    },
    [Symbol.asyncDispose]: async () => {
      const until = performance.now() + 30_000;
      for (;;) {
        const left = living();
        if (left.length === 0) return;
        if (performance.now() > until) throw new Error(`cannot be ended: ${JSON.stringify(left)}`);
        for (const { pid } of left) endProcess(pid);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoCode(error) !== 'ESRCH') throw error;
  }
}

/** Every living process with this `NAME=value` in the environment that it was started with. */
export function processesMarked(mark: string): readonly TrackedProcess[] {
  const found: TrackedProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(mark)) continue;
      const stat = parseProcessStat(readFileSync(`/proc/${entry}/stat`, 'utf8'));
      if (stat === undefined || hasEnded(stat)) continue;
      const commandLine = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid: stat.pid, startTime: stat.startTime, commandLine });
    } catch (error) {
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errnoCode(error) ?? '')) throw error;
    }
  }
  return found;
}
