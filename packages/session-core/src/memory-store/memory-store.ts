import { embeddedStore } from '../store/embedded-store.ts';
import type { SessionStore, StoreListener } from '../store/session-store.ts';
import { createMemoryRows } from './memory-rows.ts';

/** Sessions in this process, for tests and for what may be lost with it. Managers can share one. */
export function memoryStore(): SessionStore {
  const rows = createMemoryRows();
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
    async subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
