import { readFileSync } from 'node:fs';

import { eventually } from './eventually.ts';

export interface IdleStatus {
  /** Context switches so far, of both kinds. */
  readonly switches: number;
  readonly residentKibibytes: number;
}

export function readIdleStatus(pid: number): IdleStatus {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    switches: number('voluntary_ctxt_switches') + number('nonvoluntary_ctxt_switches'),
    residentKibibytes: number('VmRSS'),
  };
}

/** Waits until these have done what they had to do at their start, which takes its time on a busy machine. */
export async function untilAtRest(pids: readonly number[]): Promise<void> {
  const switches = (): string => pids.map((pid) => readIdleStatus(pid).switches).join();
  await eventually(async () => {
    const before = switches();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return switches() === before ? true : undefined;
  }, 'a first rest');
}
