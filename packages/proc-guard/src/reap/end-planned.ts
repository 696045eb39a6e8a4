import { setTimeout as wait } from 'node:timers/promises';

import type { ProcessRecord } from '../process-table/read-process-table.ts';
import { signalMembers } from './signal-members.ts';

const lookAgainMs = 20;
const maxKillRounds = 250;

/**
 * TERM to all that `find` finds, `graceMs` to end, then KILL until it finds none. Resolves to what is left. They are
 * not our children, so that nothing tells of their end: the looks are bounded by the grace and a number of rounds.
 */
export async function endPlanned(
  find: () => readonly ProcessRecord[],
  graceMs: number,
): Promise<readonly ProcessRecord[]> {
  await signalMembers(find(), 'SIGTERM');
  const until = performance.now() + graceMs;
  while (performance.now() < until) {
    if (find().length === 0) return [];
    await wait(lookAgainMs);
  }
  for (let round = 0; round < maxKillRounds; round += 1) {
    const members = find();
    if (members.length === 0) return [];
    const outcomes = await signalMembers(members, 'SIGKILL');
    if (outcomes.every((outcome) => outcome === 'refused')) return members;
    await wait(Math.min(lookAgainMs, round));
  }
  return find();
}
