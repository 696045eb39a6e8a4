import type { ViteUserConfig } from 'vitest/config';

/** Tests import workspace packages from source, so that no build is needed first. */
export function vitestPreset(overrides: NonNullable<ViteUserConfig['test']> = {}): ViteUserConfig {
  return {
    ssr: { resolve: { conditions: ['@endwell/source', 'node', 'import', 'default'] } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      pool: 'forks',
      // Threads that are started from TypeScript load the compiler's WebAssembly again and again, and V8 loses
      // track of its pages where the processor has protection keys ("Check failed: jit_page.has_value()",
      // https://github.com/nodejs/node/issues/64500). What is built and published starts no such thread.
      execArgv: ['--no-memory-protection-keys'],
      // Deadlines only catch a hang; speed is judged by benchmarks.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      restoreMocks: true,
      ...overrides,
    },
  };
}
