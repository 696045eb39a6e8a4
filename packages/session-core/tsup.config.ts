import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset({
  index: 'src/index.ts',
  'sqlite-store/index': 'src/sqlite-store/index.ts',
  'long-work-thread': 'src/sqlite-store/long-work/long-work-thread.ts',
  'testing/index': 'src/testing/index.ts',
});
