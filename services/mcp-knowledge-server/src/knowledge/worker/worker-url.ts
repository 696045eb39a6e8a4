/** Where a worker's program is: beside the built program, or in the source that it was built from. */
export function workerUrl(name: keyof typeof sources): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(sources[name], import.meta.url)
    : new URL(`./${name}.js`, import.meta.url);
}

/** By the names that the build gives them. */
const sources = {
  'knowledge-worker': './knowledge-worker.ts',
  'embedding-worker': '../embeddings/local-worker.ts',
} as const;
