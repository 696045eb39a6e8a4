import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { readProcessTable, type ProcessTable } from '../process-table/read-process-table.ts';
import { findSuspects, type Suspect } from '../suspects/find-suspects.ts';
import { findGuardedTrees, type GuardedTree } from '../trees/guarded-tree.ts';

export interface ProcessInspection {
  readonly trees: readonly GuardedTree[];
  readonly suspects: readonly Suspect[];
  readonly table: ProcessTable;
}

/**
 * What is guarded here, what was left behind, and what looks like it. Changes nothing.
 *
 * @throws ProcGuardError `UNSUPPORTED` where there is no `/proc`.
 */
export function inspectProcesses(): ProcessInspection {
  if (process.platform !== 'linux') {
    throw new ProcGuardError(
      'UNSUPPORTED',
      `looking for trees needs /proc, which ${process.platform} does not have`,
    );
  }
  const table = readProcessTable();
  return { table, trees: findGuardedTrees(table), suspects: findSuspects(table) };
}
