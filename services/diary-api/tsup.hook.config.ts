import { readFile } from 'node:fs/promises';

import type { Options } from 'tsup';

import { tsupPreset } from '../../config/tsup-preset.ts';

/**
 * `import { z }` brings all of zod with it, its translations included; a namespace import brings what is used.
 * It makes the file a third as large, and a hook's start is mostly reading it.
 */
const zodAsNamespace: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'zod-as-namespace',
  setup(build) {
    build.onLoad({ filter: /(?:session-core|diary-api)[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      return {
        loader: 'ts',
        contents: contents.replace("import { z } from 'zod'", "import * as z from 'zod'"),
      };
    });
  },
};

/** The hook as one file with all that it needs, because it runs at every turn of an agent. */
export default tsupPreset(
  { hook: 'src/hook-main.ts' },
  {
    clean: false,
    sourcemap: false,
    splitting: false,
    minify: true,
    noExternal: [/.*/],
    banner: { js: '// With zod (MIT, Copyright (c) 2025 Colin McDonnell) inside.' },
    esbuildPlugins: [zodAsNamespace],
    esbuildOptions: (options) => {
      options.conditions = ['@endwell/source'];
    },
  },
);
