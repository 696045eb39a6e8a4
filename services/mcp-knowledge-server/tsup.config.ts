import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

import { tsupPreset } from '../../config/tsup-preset.ts';

/** What others import: their own copies of the packages that it names in its types. */
const library: Options = tsupPreset({ index: 'src/index.ts' }, { clean: false });

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Leaves out of a start what it does not need, without changing what is there when it is needed. */
const lighten: Plugin = {
  name: 'lighten',
  setup: (build) => {
    const stand = (name: string): string => fileURLToPath(new URL(`build/${name}`, import.meta.url));
    build.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
      path: stand('lazy-schema-validator.ts'),
    }));
    // As a module each of them reads out all that it has, which loads half of Node: what is asked for is enough.
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'built-in' } : undefined,
    );
    build.onLoad({ filter: /^node:/, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    // Messages in fifty languages, of which one is used.
    build.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/') ? { path: stand('no-locales.ts') } : undefined,
    );
  },
};

/** What both kinds of program have in common. proc-guard stays outside, since it finds its helper from where it is. */
const bundled: Options = {
  clean: false,
  noExternal: [/^@endwell\/session-core/, /^@modelcontextprotocol\//, 'zod'],
  // Some of what is bundled asks for built-in modules by `require`.
  banner: {
    js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
  },
  esbuildPlugins: [lighten],
  minify: true,
  sourcemap: false,
};

/** The program, in as few files as it can be: every file that is looked for and read makes the start longer. */
const program: Options = tsupPreset({ main: 'src/main.ts' }, bundled);

/** The programs of worker threads, each in one file: what they shared with the program would part it further. */
const threads: Options = tsupPreset(
  {
    // See src/knowledge/worker/worker-url.ts.
    'knowledge-worker': 'src/knowledge/worker/knowledge-worker.ts',
    'embedding-worker': 'src/knowledge/embeddings/local-worker.ts',
    // The program of session-core's worker thread, looked for beside the file that starts it.
    'long-work-thread': '../../packages/session-core/src/sqlite-store/long-work/long-work-thread.ts',
  },
  { ...bundled, splitting: false },
);

export default [library, program, threads];
