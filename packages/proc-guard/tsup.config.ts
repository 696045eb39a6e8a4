import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset({
  index: 'src/index.ts',
  main: 'src/main.ts',
  'guard-fallback': 'src/guard-fallback/main.ts',
});
