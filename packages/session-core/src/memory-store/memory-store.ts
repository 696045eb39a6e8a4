import { embeddedStore } from '../store/embedded-store.ts';
import type { SessionStore, StoreListener } from '../store/session-store.ts';
import { checkMemory } from './check-memory.ts';
import { createMemoryRows, createMemoryTables } from './memory-rows.ts';
import { searchMemory } from './search-memory.ts';

/** Sessions in this process, for tests and for what may be lost with it. Managers can share one. */
export function memoryStore(): SessionStore {
  const tables = createMemoryTables();
  const rows = createMemoryRows(tables);
  const listeners = new Set<StoreListener>();
  return embeddedStore({
    name: 'memory',
    readOnly: false,
    open: async () => {},
    close: async () => {},
    read: async (step) => step(rows),
    async write(step) {
      const before = rows.latestCursor();
      const value = step(rows);
      if (rows.latestCursor() !== before) for (const listener of listeners) listener.wake();
      return value;
    },
    longWork: {
      search: async (request, now) => searchMemory(tables, request, now),
      integrityCheck: async () => checkMemory(tables),
    },
    async subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
