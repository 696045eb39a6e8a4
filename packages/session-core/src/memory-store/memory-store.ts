import { embeddedStore } from '../store/embedded-store.ts';
import type { SessionRows } from '../store/session-rows.ts';
import { sweeperRows } from '../store/sweeper-rows.ts';
import type { SessionStore, StoreListener } from '../store/session-store.ts';
import { memoryLongWork } from './memory-long-work.ts';
import { createMemoryRows, createMemoryTables } from './memory-rows.ts';

/** Sessions in this process, for tests and for what may be lost with it. Managers can share one. */
export function memoryStore(): SessionStore {
  const tables = createMemoryTables();
  const rows = createMemoryRows(tables);
  const listeners = new Set<StoreListener>();
  const swept = sweeperRows(rows);
  const run = async <Value>(step: (rows: SessionRows) => Value, on: SessionRows): Promise<Value> => {
    const before = rows.latestCursor();
    const value = step(on);
    if (rows.latestCursor() !== before) for (const listener of listeners) listener.wake();
    return value;
  };
  const write = <Value>(step: (rows: SessionRows) => Value): Promise<Value> => run(step, rows);
  return embeddedStore({
    name: 'memory',
    readOnly: false,
    open: async () => {},
    close: async () => {},
    read: async (step) => step(rows),
    write,
    ring() {
      for (const listener of listeners) listener.wake();
    },
    sweep: (step) => run(step, swept),
    longWork: memoryLongWork(tables, write),
    async subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}
