import type { DatabaseSync } from 'node:sqlite';

/** How many chunks a project can have at a time. With as many projects, a key is still a safe integer. */
const chunksPerProject = 2 ** 31;

/** The keys of a project's chunks, both included. */
export function chunkKeysOf(projectKey: number): { readonly first: number; readonly last: number } {
  const first = projectKey * chunksPerProject;
  return { first, last: first + chunksPerProject - 1 };
}

/** The key after the last one in use. */
export function nextChunkKey(database: DatabaseSync, projectKey: number): number {
  const { first, last } = chunkKeysOf(projectKey);
  const row = database
    .prepare('SELECT max(chunk_key) AS key FROM chunks WHERE chunk_key BETWEEN ? AND ?')
    .get(first, last);
  const used = row?.['key'];
  return typeof used === 'number' ? used + 1 : first;
}

/** The project that a chunk belongs to. */
export function projectKeyOf(chunkKey: number): number {
  return Math.floor(chunkKey / chunksPerProject);
}
