import process from 'node:process';
import { fileURLToPath } from 'node:url';

import type { ViteUserConfig } from 'vitest/config';

// Node strips types with WebAssembly. A test process that starts thread after thread from TypeScript loads it
// again and again, until V8 loses track of its pages ("Check failed: jit_page.has_value()",
// https://github.com/nodejs/node/issues/64500). From the cache, which threads and children share, none is
// loaded. What is built and published has no types left to strip.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('../node_modules/.cache/node-compile', import.meta.url),
);

/** Tests import workspace packages from source, so that no build is needed first. */
export function vitestPreset(overrides: NonNullable<ViteUserConfig['test']> = {}): ViteUserConfig {
  return {
    ssr: { resolve: { conditions: ['@endwell/source', 'node', 'import', 'default'] } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      pool: 'forks',
      // Deadlines only catch a hang; speed is judged by benchmarks.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      restoreMocks: true,
      ...overrides,
    },
  };
}
