import { embeddedStore } from '../store/embedded-store.ts';
import type { SessionRows } from '../store/session-rows.ts';
import type { SessionStore, StoreListener } from '../store/session-store.ts';
import { checkMemory } from './check-memory.ts';
import { createMemoryRows, createMemoryTables } from './memory-rows.ts';
import { purgeMemory } from './purge-memory.ts';
import { searchMemory } from './search-memory.ts';

/** Sessions in this process, for tests and for what may be lost with it. Managers can share one. */
export function memoryStore(): SessionStore {
  const tables = createMemoryTables();
  const rows = createMemoryRows(tables);
  const listeners = new Set<StoreListener>();
  const write = <Value>(step: (rows: SessionRows) => Value): Value => {
    const before = rows.latestCursor();
    const value = step(rows);
    if (rows.latestCursor() !== before) for (const listener of listeners) listener.wake();
    return value;
  };
  return embeddedStore({
    name: 'memory',
    readOnly: false,
    open: async () => {},
    close: async () => {},
    read: async (step) => step(rows),
    write: async (step) => write(step),
    longWork: {
      purge: async (target, endActive, now) => write(() => purgeMemory(rows, target, endActive, now)),
      search: async (request, now) => searchMemory(tables, request, now),
      integrityCheck: async () => checkMemory(tables),
    },
    async subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
