import { describe, it } from 'vitest';

import { memoryStore, sqliteStore } from '../src/index.ts';
import { storeContract } from '../src/testing/index.ts';
import { scratchFolder } from './scratch-folder.ts';

storeContract({ describe, it }, 'memoryStore', async () => {
  const store = memoryStore();
  return { open: () => store, dispose: async () => {} };
});

storeContract({ describe, it }, 'sqliteStore', async () => {
  const folder = await scratchFolder();
  return {
    open: () => sqliteStore({ path: folder.database, durability: 'process-crash' }),
    dispose: async () => folder[Symbol.asyncDispose](),
  };
});
