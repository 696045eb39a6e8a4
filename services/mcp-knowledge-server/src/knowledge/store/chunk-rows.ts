import type { DatabaseSync } from 'node:sqlite';

import type { Chunk } from '../chunking/chunk.ts';
import { nextChunkKey } from './chunk-keys.ts';
import { vectorTable } from './vector-tables.ts';

/** Whose chunks they are. */
export interface ChunkOwner {
  readonly documentKey: number;
  readonly projectKey: number;
  readonly title: string;
}

/** Stores chunks of a document and their index, from a position on, until the time is over; returns the next one. */
export function insertChunks(
  database: DatabaseSync,
  owner: ChunkOwner,
  text: string,
  chunks: readonly Chunk[],
  from: number,
  budgetMs: number,
): number {
  const insert = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)');
  const index = database.prepare('INSERT INTO chunk_index (rowid, title, heading, text) VALUES (?, ?, ?, ?)');
  const endsAt = performance.now() + budgetMs;
  let key = nextChunkKey(database, owner.projectKey);
  let position = from;
  for (const { start, end, heading } of chunks.slice(from)) {
    const part = text.slice(start, end);
    insert.run(key, owner.documentKey, position, start, heading, part);
    index.run(BigInt(key), owner.title, heading, part);
    key += 1;
    position += 1;
    if (performance.now() >= endsAt) break;
  }
  addToCount(database, owner.projectKey, position - from);
  return position;
}

/** Removes a chunk and all that was made of it: its index, and its vectors of every model. */
export function deleteChunk(database: DatabaseSync, projectKey: number, chunkKey: number): void {
  const models = database.prepare('SELECT model_key FROM embedded_chunks WHERE chunk_key = ?').all(chunkKey);
  for (const model of models) {
    const modelKey = Number(model['model_key']);
    // The key of a vector table takes integers only, which node:sqlite binds from a bigint.
    database.prepare(`DELETE FROM ${vectorTable(modelKey)} WHERE chunk_key = ?`).run(BigInt(chunkKey));
    database
      .prepare('UPDATE embedded_counts SET chunks = chunks - 1 WHERE model_key = ? AND project_key = ?')
      .run(modelKey, projectKey);
  }
  // The index has no copy of the text: it must be told what it had indexed.
  database
    .prepare(
      `INSERT INTO chunk_index (chunk_index, rowid, title, heading, text)
       SELECT 'delete', chunk_key, title, heading, text FROM chunk_texts WHERE chunk_key = ?`,
    )
    .run(chunkKey);
  database.prepare('DELETE FROM chunks WHERE chunk_key = ?').run(chunkKey);
  addToCount(database, projectKey, -1);
}

function addToCount(database: DatabaseSync, projectKey: number, chunks: number): void {
  database
    .prepare('UPDATE knowledge_projects SET chunks = chunks + ? WHERE project_key = ?')
    .run(chunks, projectKey);
}
