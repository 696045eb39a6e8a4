import type { DatabaseSync } from 'node:sqlite';

import type { Chunk } from '../chunking/chunk.ts';
import { nextChunkKey } from './chunk-keys.ts';
import { vectorTable } from './vector-tables.ts';

/** Stores a document's chunks and their index. */
export function insertChunks(
  database: DatabaseSync,
  target: { readonly documentKey: number; readonly projectKey: number; readonly title: string },
  text: string,
  chunks: readonly Chunk[],
): void {
  const insert = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)');
  const index = database.prepare('INSERT INTO chunk_index (rowid, title, heading, text) VALUES (?, ?, ?, ?)');
  let key = nextChunkKey(database, target.projectKey);
  for (const [position, { start, end, heading }] of chunks.entries()) {
    const part = text.slice(start, end);
    insert.run(key, target.documentKey, position, start, heading, part);
    index.run(BigInt(key), target.title, heading, part);
    key += 1;
  }
  addToCount(database, target.projectKey, chunks.length);
}

function addToCount(database: DatabaseSync, projectKey: number, chunks: number): void {
  database
    .prepare('UPDATE knowledge_projects SET chunks = chunks + ? WHERE project_key = ?')
    .run(chunks, projectKey);
}

/** Removes a document's chunks and all that was made of them: index and vectors of every model. */
export function deleteChunks(
  database: DatabaseSync,
  { documentKey, projectKey }: { readonly documentKey: number; readonly projectKey: number },
): void {
  const ofDocument = 'SELECT chunk_key FROM chunks WHERE document_key = ?';
  const models = database
    .prepare(`SELECT DISTINCT model_key FROM embedded_chunks WHERE chunk_key IN (${ofDocument})`)
    .all(documentKey);
  for (const model of models) {
    const modelKey = Number(model['model_key']);
    const remove = database.prepare(`DELETE FROM ${vectorTable(modelKey)} WHERE chunk_key = ?`);
    const embedded = database
      .prepare(`SELECT chunk_key FROM embedded_chunks WHERE model_key = ? AND chunk_key IN (${ofDocument})`)
      .all(modelKey, documentKey);
    // The key of a vector table takes integers only, which node:sqlite binds from a bigint.
    for (const { chunk_key: key } of embedded) remove.run(BigInt(Number(key)));
    database
      .prepare('UPDATE embedded_counts SET chunks = chunks - ? WHERE model_key = ? AND project_key = ?')
      .run(embedded.length, modelKey, projectKey);
  }
  // The index has no copy of the text: it must be told what it had indexed.
  database
    .prepare(
      `INSERT INTO chunk_index (chunk_index, rowid, title, heading, text)
       SELECT 'delete', chunk_key, title, heading, text FROM chunk_texts WHERE chunk_key IN (${ofDocument})`,
    )
    .run(documentKey);
  const { changes } = database.prepare('DELETE FROM chunks WHERE document_key = ?').run(documentKey);
  addToCount(database, projectKey, -Number(changes));
}
