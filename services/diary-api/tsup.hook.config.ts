import { join } from 'node:path';

import type { Options } from 'tsup';

import { tsupPreset } from '../../config/tsup-preset.ts';

/** The same checks without the library; see the file. */
const checksOnly: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'checks-only',
  setup(build) {
    build.onResolve({ filter: /^zod$/ }, () => ({
      path: join(import.meta.dirname, 'build', 'zod-in-hook.ts'),
    }));
  },
};

/** What a hook does not use, and what takes longer to load than all that it does: loaded where it is called for. */
const late: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['spawn', 'spawnSync', 'execFile', 'execFileSync'],
  'node:worker_threads': ['Worker'],
};

const lateModules: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'late-modules',
  setup(build) {
    build.onResolve({ filter: /^node:(?:child_process|worker_threads)$/ }, ({ path }) => ({
      path,
      namespace: 'late',
    }));
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: (late[path] ?? [])
        .map(
          (name) =>
            `export function ${name}(...given) {
              const called = process.getBuiltinModule('${path}').${name};
              return new.target === undefined ? called(...given) : new called(...given);
            }`,
        )
        .concat(path === 'node:worker_threads' ? 'export const isMainThread = true;' : '')
        .join('\n'),
    }));
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
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    noExternal: [/.*/],
    banner: { js: 'var fileUrl = "file://" + __filename;' },
    define: { 'import.meta.url': 'fileUrl' },
    esbuildPlugins: [checksOnly, lateModules],
    esbuildOptions: (options) => {
      options.conditions = ['@endwell/source'];
    },
  },
);
