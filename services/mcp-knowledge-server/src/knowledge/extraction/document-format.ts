import { extname } from 'node:path';

/** What a document can come as. */
export const DOCUMENT_FORMATS = ['markdown', 'text', 'html', 'pdf', 'source'] as const;

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** What it is stored as: HTML becomes Markdown, PDF becomes text with a form feed before each page. */
export type TextFormat = 'markdown' | 'text' | 'source';

const byExtension: Readonly<Record<string, DocumentFormat>> = {
  ...of('markdown', 'md markdown mdx mdown'),
  ...of('html', 'html htm xhtml'),
  ...of('pdf', 'pdf'),
  ...of('text', 'txt text rst adoc asciidoc org tex csv tsv log srt vtt'),
  ...of(
    'source',
    'ts tsx mts cts js jsx mjs cjs py pyi rb go rs java kt kts scala groovy c h cc cpp cxx hpp hh m mm cs fs ' +
      'swift php pl pm r jl lua sh bash zsh fish ps1 sql graphql proto json jsonc json5 yaml yml toml ini cfg ' +
      'conf xml css scss sass less vue svelte astro tf hcl nix dart ex exs erl hs elm clj cljs lisp el vim asm s ' +
      'zig nim v gradle cmake mk dockerfile',
  ),
};

const byName: Readonly<Record<string, DocumentFormat>> = {
  dockerfile: 'source',
  makefile: 'source',
  license: 'text',
  readme: 'text',
  changelog: 'text',
};

function of(format: DocumentFormat, extensions: string): Record<string, DocumentFormat> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, format]));
}

/** What a file's name says that it is; undefined when it says nothing that we know. */
export function formatOfName(name: string): DocumentFormat | undefined {
  const extension = extname(name).slice(1).toLowerCase();
  return byExtension[extension] ?? byName[name.toLowerCase()];
}
