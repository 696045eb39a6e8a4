import type { ProcessRecord } from '../process-table/read-process-table.ts';
import { descendantsOf } from '../trees/descendants.ts';
import type { GuardedTree } from '../trees/guarded-tree.ts';
import type { ProcessInspection } from './inspect-processes.ts';

/** One tree or suspect that a reap would end. */
export interface ReapItem {
  readonly kind: 'tree' | 'suspect' | 'guard-lost';
  /** What it is called in the output: the tree's cookie or the suspect's pid. */
  readonly id: string;
  readonly reason: string;
  readonly members: readonly ProcessRecord[];
}

export interface ReapRefusal {
  readonly pid: number;
  readonly reason: string;
}

export interface ReapPlan {
  readonly items: readonly ReapItem[];
  /** What was named, or is left over, and is not touched. */
  readonly refused: readonly ReapRefusal[];
}

export interface PlanReapOptions {
  /**
   * Only what these belong to: trees, suspects, trees that have lost their guard.
   *
   * @defaultValue every tree whose owner is dead
   */
  readonly pids?: readonly number[];
  /** @defaultValue this process's effective user */
  readonly uid?: number;
}

/**
 * Decides what a reap ends: guarded trees whose owner is dead, and what is named by pid and is a
 * suspect. Never a tree with a living owner, never what is not guarded and not named, never a
 * detached process, never another user's.
 */
export function planReap(inspection: ProcessInspection, options: PlanReapOptions = {}): ReapPlan {
  const uid = options.uid ?? process.geteuid?.();
  const items: ReapItem[] = [];
  const refused: ReapRefusal[] = [];

  const add = (item: ReapItem): void => {
    const foreign = item.members.filter((member) => member.uid !== uid);
    for (const { pid, uid: owner } of foreign) {
      refused.push({ pid, reason: `it belongs to another user (${owner ?? 'unknown'})` });
    }
    const members = item.members.filter((member) => member.uid === uid && member.pid !== process.pid);
    if (members.length > 0) items.push({ ...item, members });
  };

  const pids = new Set(options.pids);
  for (const tree of inspection.trees) {
    if (tree.ownerState !== 'dead') continue;
    if (pids.size > 0 && !tree.members.some(({ pid }) => pids.has(pid))) continue;
    add({ kind: 'tree', id: tree.id, reason: deathOf(tree), members: tree.members });
  }
  for (const pid of pids) {
    const named = itemOfPid(pid, inspection, items);
    if (typeof named === 'string') refused.push({ pid, reason: named });
    else if (named !== undefined) add(named);
  }
  return { items, refused };
}

function deathOf({ state }: GuardedTree): string {
  return state === 'ending'
    ? 'its owner is dead; its guard is still there'
    : 'its owner and its guard are dead';
}

/** What a named pid stands for; a sentence when it is not to be touched; undefined when it is in the plan already. */
function itemOfPid(
  pid: number,
  { trees, suspects, table }: ProcessInspection,
  items: readonly ReapItem[],
): ReapItem | string | undefined {
  if (items.some(({ members }) => members.some((member) => member.pid === pid))) return undefined;
  const record = table.get(pid);
  if (record === undefined) return 'there is no such process';
  const tree = trees.find(({ members }) => members.some((member) => member.pid === pid));
  if (tree?.state === 'guard-lost') {
    return {
      kind: 'guard-lost',
      id: tree.id,
      reason: 'its guard is dead, and it was named',
      members: tree.members,
    };
  }
  if (tree !== undefined)
    return tree.ownerState === 'alive' ? 'its owner lives' : 'its owner cannot be looked at';
  if (record.detached) return 'it was detached on purpose';
  const suspect = suspects.find(
    ({ process, descendants }) =>
      process.pid === pid || descendants.some((descendant) => descendant.pid === pid),
  );
  if (suspect === undefined) return 'it is neither guarded nor a suspect';
  const members = [
    record,
    ...descendantsOf([pid], table).filter(({ cookies, detached }) => cookies.length === 0 && !detached),
  ];
  return { kind: 'suspect', id: String(pid), reason: suspect.explanation, members };
}
