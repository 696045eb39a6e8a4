import { setTimeout as wait } from 'node:timers/promises';

import { errnoCode } from '../errors/errno-code.ts';
import { systemReader } from '../identity/process-reader.ts';
import type { ProcessRecord } from '../process-table/read-process-table.ts';

const lookAgainMs = 20;
const maxKillRounds = 250;

export type SignalOutcome = 'sent' | 'gone' | 'refused';

/**
 * TERM to all that `find` finds, `graceMs` to end, then KILL until it finds none. Resolves to what is
 * left, which is nothing unless the kernel refuses or a process hangs in it. The members are not our
 * children, so that nothing tells of their end: the looks are bounded by the grace and by a number of rounds.
 */
export async function endMembers(
  find: () => readonly ProcessRecord[],
  graceMs: number,
): Promise<readonly ProcessRecord[]> {
  for (const member of find()) signalProcess(member, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until) {
    if (find().length === 0) return [];
    await wait(lookAgainMs);
  }
  for (let round = 0; round < maxKillRounds; round += 1) {
    const members = find();
    if (members.length === 0) return [];
    const outcomes = members.map((member) => signalProcess(member, 'SIGKILL'));
    if (outcomes.every((outcome) => outcome === 'refused')) return members;
    await wait(Math.min(lookAgainMs, round));
  }
  return find();
}

/** Looks once more who has the pid, immediately before the signal. */
export function signalProcess({ pid, startTime }: ProcessRecord, signal: NodeJS.Signals): SignalOutcome {
  if (systemReader().stat(pid)?.startTime !== startTime) return 'gone';
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    if (errnoCode(error) === 'ESRCH') return 'gone';
    if (errnoCode(error) === 'EPERM') return 'refused';
    throw error;
  }
}
