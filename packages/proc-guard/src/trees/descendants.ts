import type { ProcessRecord, ProcessTable } from '../process-table/read-process-table.ts';

/** Everything below the given processes, without them. */
export function descendantsOf(pids: Iterable<number>, table: ProcessTable): readonly ProcessRecord[] {
  const family = new Set(pids);
  const found: ProcessRecord[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const record of table.values()) {
      if (family.has(record.pid) || !family.has(record.parentPid)) continue;
      family.add(record.pid);
      found.push(record);
      grown = true;
    }
  }
  return found;
}
