import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import { fromBlob, toBlob, vectorTable } from '../store/vector-tables.ts';
import type { RankedChunk } from './ranked-chunk.ts';
import type { ChunkFilter } from './search-filter.ts';

export interface SimilarChunk extends RankedChunk {
  /** The cosine of the angle between the two vectors: 1 is the same direction. */
  readonly similarity: number;
}

/** The chunks whose vectors point most nearly where this one points. */
export function searchVectors(
  database: DatabaseSync,
  modelKey: number,
  vector: Float32Array,
  filter: ChunkFilter,
  limit: number,
): readonly SimilarChunk[] {
  const conditions = ['embedding MATCH ?', 'k = ?'];
  const values: SQLInputValue[] = [toBlob(vector), BigInt(limit)];
  if (filter.projectKey !== undefined) {
    conditions.push('project_key = ?');
    values.push(BigInt(filter.projectKey));
  }
  if (filter.documents !== undefined) {
    conditions.push(
      `chunk_key IN (SELECT chunks.chunk_key FROM chunks JOIN documents USING (document_key)
         WHERE ${filter.documents.sql})`,
    );
    values.push(...filter.documents.values);
  }
  return database
    .prepare(
      `SELECT chunk_key, distance FROM ${vectorTable(modelKey)}
       WHERE ${conditions.join(' AND ')} ORDER BY distance`,
    )
    .all(...values)
    .map((row) => ({ chunkKey: Number(row['chunk_key']), similarity: 1 - Number(row['distance']) }));
}

/** The stored vectors of some chunks; those that have none are left out. */
export function readVectors(
  database: DatabaseSync,
  modelKey: number,
  chunkKeys: readonly number[],
): readonly Float32Array[] {
  const select = database.prepare(`SELECT embedding FROM ${vectorTable(modelKey)} WHERE chunk_key = ?`);
  return chunkKeys.flatMap((key) => {
    const bytes = select.get(BigInt(key))?.['embedding'];
    return bytes instanceof Uint8Array ? [fromBlob(bytes)] : [];
  });
}
