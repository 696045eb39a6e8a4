import type { ViteUserConfig } from 'vitest/config';

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
