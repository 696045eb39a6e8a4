import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset({ index: 'src/index.ts' });
