import { vitestPreset } from '../config/vitest-preset.ts';

// Whole programs, installs and builds: one file at a time, so that they do not starve each other.
export default vitestPreset({
  fileParallelism: false,
  globalSetup: ['test/support/installed.ts'],
  testTimeout: 240_000,
  hookTimeout: 240_000,
});
