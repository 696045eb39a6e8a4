import { defineConfig } from 'vitest/config';

/**
 * For `pnpm mutate`, which runs in a copy of this folder: the tests that need no other process. It
 * repeats what vitest.config.ts takes from the repository, because the copy is elsewhere.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ['@endwell/source', 'node', 'import', 'default'] } },
  test: {
    include: [
      'src/**/*.test.ts',
      'test/contract.test.ts',
      'test/bad-input.test.ts',
      'test/manager-close.test.ts',
      'test/simulation.test.ts',
    ],
    testNamePattern: /^(?!.*(death of an owner|on the sqlite store|simulation finds|repeated exactly))/,
    env: { SESSION_CORE_STEPS: '20000' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
