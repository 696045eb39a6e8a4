import { createSessionManager, memoryStore, sqliteStore, type SessionStore } from '@endwell/session-core';
import { TTLCache } from '@isaacs/ttlcache';
import { LRUCache } from 'lru-cache';
import NodeCache from 'node-cache';

/** Something that keeps entries and lets each go at its time. */
export interface ExpiringEntries {
  /** Adds one; the answer is its key. */
  add(ttlMs: number): string | Promise<string>;
  touch(key: string): unknown;
  /** Called with the key of each entry that has gone. */
  onGone(listener: (key: string) => void): void;
  close(): void | Promise<void>;
}

const manyEntries = 10_000_000;

function sessions(store: SessionStore): ExpiringEntries {
  const manager = createSessionManager({
    store,
    owner: null,
    idleTtlMs: 3_600_000,
    quotas: { perOwner: manyEntries, perProject: manyEntries, perStore: manyEntries },
    startRate: { perSecond: 1_000_000, burst: 1_000_000 },
  });
  return {
    add: async (idleTtlMs) => (await manager.start({ kind: 'bench', idleTtlMs })).id,
    touch: (key) => manager.touch(key),
    onGone: (listener) => void manager.events.on('session:ended', ({ session }) => listener(session.id)),
    close: () => manager.close(),
  };
}

let lastKey = 0;
/** As long as a session's id. */
function nextKey(): string {
  lastKey += 1;
  return `key_${String(lastKey).padStart(36, '0')}`;
}

const value = { kind: 'bench' };

export const kinds = {
  'session-core (memory)': () => sessions(memoryStore()),
  'session-core (SQLite)': (path) => sessions(sqliteStore({ path, durability: 'process-crash' })),
  'lru-cache': () => {
    let gone: (key: string) => void = () => {};
    const cache = new LRUCache<string, object>({
      max: manyEntries,
      ttl: 3_600_000,
      ttlAutopurge: true,
      updateAgeOnGet: true,
      dispose: (_value, key) => gone(key),
    });
    return {
      add(ttl) {
        const key = nextKey();
        cache.set(key, { ...value }, { ttl });
        return key;
      },
      touch: (key) => cache.get(key),
      onGone: (listener) => void (gone = listener),
      close: () => cache.clear(),
    };
  },
  '@isaacs/ttlcache': () => {
    let gone: (key: string) => void = () => {};
    const cache = new TTLCache<string, object>({
      ttl: 3_600_000,
      updateAgeOnGet: true,
      dispose: (_value, key) => gone(key),
    });
    return {
      add(ttl) {
        const key = nextKey();
        cache.set(key, { ...value }, { ttl });
        return key;
      },
      touch: (key) => cache.get(key),
      onGone: (listener) => void (gone = listener),
      close: () => cache.clear(),
    };
  },
  'node-cache': () => {
    const cache = new NodeCache({ stdTTL: 3_600, checkperiod: 1, useClones: false });
    return {
      add(ttlMs) {
        const key = nextKey();
        cache.set(key, { ...value }, ttlMs / 1000);
        return key;
      },
      touch: (key) => cache.ttl(key, 3_600),
      onGone: (listener) => void cache.on('expired', listener),
      close: () => cache.close(),
    };
  },
} as const satisfies Record<string, (path: string) => ExpiringEntries>;

export type ExpiringKind = keyof typeof kinds;
