import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import type { RankedChunk } from './ranked-chunk.ts';
import type { ChunkFilter } from './search-filter.ts';

/** The chunks that have any of the words, by BM25, in which a word of the title counts twice. */
export function searchFullText(
  database: DatabaseSync,
  expression: string,
  filter: ChunkFilter,
  limit: number,
): readonly RankedChunk[] {
  const conditions = ['chunk_index MATCH ?'];
  const values: SQLInputValue[] = [expression];
  if (filter.keys !== undefined) {
    // A range of rows: what other projects have is not even looked at. FTS5 passes over a bound that is
    // no integer, and node:sqlite binds integers from a bigint only.
    conditions.push('chunk_index.rowid BETWEEN ? AND ?');
    values.push(BigInt(filter.keys.first), BigInt(filter.keys.last));
  }
  let join = '';
  if (filter.documents !== undefined) {
    join = 'JOIN chunks ON chunks.chunk_key = chunk_index.rowid JOIN documents USING (document_key)';
    conditions.push(filter.documents.sql);
    values.push(...filter.documents.values);
  }
  return database
    .prepare(
      `SELECT chunk_index.rowid AS chunk_key FROM chunk_index ${join}
       WHERE ${conditions.join(' AND ')} ORDER BY rank LIMIT ?`,
    )
    .all(...values, limit)
    .map((row) => ({ chunkKey: Number(row['chunk_key']) }));
}
