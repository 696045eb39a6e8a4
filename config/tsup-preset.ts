import type { Options } from 'tsup';

/**
 * The one place that knows tsup: ESM for the pinned Node, `node:` imports kept
 * (`node:sqlite` has no bare name). Declarations come from `tsc -p tsconfig.build.json`,
 * because TypeScript 7 has no JavaScript API for tsup's `dts`.
 */
export function tsupPreset(entry: Record<string, string>, overrides: Options = {}): Options {
  return {
    entry,
    format: 'esm',
    platform: 'node',
    // `esnext` keeps `using` and `await using`, which Node 24 runs natively.
    target: 'esnext',
    outDir: 'dist',
    clean: true,
    sourcemap: true,
    splitting: true,
    removeNodeProtocol: false,
    ...overrides,
  };
}
