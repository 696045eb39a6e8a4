import { planPurgeStep, purgeEntryStep, removeSessionStep } from '../store/purge-step.ts';
import type { SessionRows } from '../store/session-rows.ts';
import type { PurgeOutcome, PurgeTarget } from '../store/session-store.ts';

/** A purge in one go: nothing but this memory has what is purged. */
export function purgeMemory(
  rows: SessionRows,
  target: PurgeTarget,
  endActive: boolean,
  now: number,
): PurgeOutcome {
  if ('sequence' in target) {
    const result = purgeEntryStep(rows, target, now);
    if (!result.ok) throw result.error;
    return { sessions: 0, entries: result.value, pending: false, ended: [] };
  }
  const plan = planPurgeStep(rows, target, endActive, now);
  if (!plan.ok) throw plan.error;
  let entries = 0;
  for (const id of plan.value) {
    while (rows.removeLastEntry(id)) entries += 1;
    removeSessionStep(rows, id, now);
  }
  rows.removeEvents(new Set(plan.value), 0, Infinity);
  return { sessions: plan.value.length, entries, pending: false, ended: plan.ended };
}
