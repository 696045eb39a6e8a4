import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset({
  index: 'src/index.ts',
  'sqlite-store/index': 'src/sqlite-store/index.ts',
  'testing/index': 'src/testing/index.ts',
});
