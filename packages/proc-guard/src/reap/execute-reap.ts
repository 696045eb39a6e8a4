import { readProcessTable, type ProcessRecord } from '../process-table/read-process-table.ts';
import { findGuardedTrees } from '../trees/guarded-tree.ts';
import { endPlanned } from './end-planned.ts';
import type { ReapItem, ReapPlan } from './plan-reap.ts';

export interface ReapOutcome {
  readonly item: ReapItem;
  /** Those that could not be ended. */
  readonly left: readonly ProcessRecord[];
}

export interface ExecuteReapOptions {
  /**
   * Between TERM and KILL.
   *
   * @defaultValue 2_000
   */
  readonly graceMs?: number;
}

/** Ends what the plan shows, and what those processes have started since. */
export async function executeReap(
  plan: ReapPlan,
  options: ExecuteReapOptions = {},
): Promise<readonly ReapOutcome[]> {
  const graceMs = options.graceMs ?? 2_000;
  return Promise.all(
    plan.items.map(async (item) => ({ item, left: await endPlanned(() => livingOf(item), graceMs) })),
  );
}

/** The planned processes that still live, and for a tree also what has joined it since. */
function livingOf(item: ReapItem): readonly ProcessRecord[] {
  const table = readProcessTable();
  const planned = item.members.filter(({ pid, startTime }) => table.get(pid)?.startTime === startTime);
  if (item.kind === 'suspect') return planned;
  const uids = new Set(item.members.map(({ uid }) => uid));
  const tree = findGuardedTrees(table).find(({ id }) => id === item.id);
  const joined = (tree?.members ?? []).filter(({ uid }) => uids.has(uid));
  return [...new Map([...planned, ...joined].map((member) => [member.pid, member])).values()];
}
