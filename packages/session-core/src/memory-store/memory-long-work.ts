import type { SessionRows } from '../store/session-rows.ts';
import type { LongStoreWork } from '../store/session-store.ts';
import { checkMemory } from './check-memory.ts';
import type { MemoryTables } from './memory-rows.ts';
import { memoryStatistics } from './memory-statistics.ts';
import { purgeMemory } from './purge-memory.ts';
import { retainMemory } from './retain-memory.ts';
import { searchMemory } from './search-memory.ts';

/** What takes long elsewhere is done at once here. */
export function memoryLongWork(
  tables: MemoryTables,
  write: <Value>(step: (rows: SessionRows) => Value) => Promise<Value>,
): LongStoreWork {
  return {
    search: async (request, now) => searchMemory(tables, request, now),
    purge: (target, endActive, now) => write((rows) => purgeMemory(rows, target, endActive, now)),
    retain: (cutoffs, now) => write((rows) => retainMemory(tables, rows, cutoffs, now)),
    statistics: async (options, now) => memoryStatistics(tables, options, now),
    integrityCheck: async () => checkMemory(tables),
  };
}
