import { vitestPreset } from '../../config/vitest-preset.ts';

export default vitestPreset({
  setupFiles: ['test/support/fail-on-leaks.ts'],
  // A fork storm beside a test that plays at a terminal would judge the machine, not the guard.
  fileParallelism: false,
});
