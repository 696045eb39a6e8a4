import process from 'node:process';
import { defineConfig } from 'vitest/config';

const store = process.env['SESSION_CORE_MUTATE'] === 'sqlite' ? 'sqliteStore' : 'memoryStore';

/**
 * For `pnpm mutate`, which runs in a copy of this folder: the tests that need no other process and
 * take no chances. What all stores share is tried on the memory store, which is fast. It repeats what
 * vitest.config.ts takes from the repository, because the copy is elsewhere.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ['@endwell/source', 'node', 'import', 'default'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/contract.test.ts', 'test/memory-store.test.ts'],
    testNamePattern: new RegExp(
      `^(?!.*death of an owner)(?!.*${store === 'sqliteStore' ? 'memoryStore' : 'sqliteStore'} keeps)`,
    ),
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
