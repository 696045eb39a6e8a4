import { cp } from 'node:fs/promises';
import { extname } from 'node:path';

import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset(
  {
    index: 'src/index.ts',
    main: 'src/main.ts',
    // The dashboard's own program, which shares nothing but types with the server.
    'client/main': 'src/dashboard/client/main.ts',
  },
  {
    onSuccess: async () => {
      // All of the page but its program, which is built.
      await cp('src/dashboard/client', 'dist/client', {
        recursive: true,
        filter: (path) => extname(path) !== '.ts',
      });
    },
  },
);
