import { cp } from 'node:fs/promises';

import { tsupPreset } from '../../config/tsup-preset.ts';

const page = ['index.html', 'style.css', 'sessions.css', 'session.css', 'icon.svg'];

export default tsupPreset(
  {
    index: 'src/index.ts',
    main: 'src/main.ts',
    // The dashboard's own program, which shares nothing but types with the server.
    'client/main': 'src/dashboard/client/main.ts',
  },
  {
    onSuccess: async () => {
      for (const name of page) await cp(`src/dashboard/client/${name}`, `dist/client/${name}`);
    },
  },
);
