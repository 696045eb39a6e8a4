import { vitestPreset } from '../../config/vitest-preset.ts';

export default vitestPreset({ setupFiles: ['test/support/fail-on-leaks.ts'] });
