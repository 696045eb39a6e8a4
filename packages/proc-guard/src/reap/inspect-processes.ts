import { readProcessTable, type ProcessTable } from '../process-table/read-process-table.ts';
import { findSuspects, type Suspect } from '../suspects/find-suspects.ts';
import { findGuardedTrees, type GuardedTree } from '../trees/guarded-tree.ts';

export interface ProcessInspection {
  readonly trees: readonly GuardedTree[];
  readonly suspects: readonly Suspect[];
  readonly table: ProcessTable;
}

/** What is guarded here, what was left behind, and what looks like it. Changes nothing. */
export function inspectProcesses(): ProcessInspection {
  const table = readProcessTable();
  return { table, trees: findGuardedTrees(table), suspects: findSuspects(table) };
}
