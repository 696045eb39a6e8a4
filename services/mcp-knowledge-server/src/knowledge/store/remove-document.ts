import type { DatabaseSync } from 'node:sqlite';

import { removeUnfounded } from '../graph/remove-unfounded.ts';
import { deleteChunks } from './chunk-rows.ts';
import type { StoredDocument } from './document-rows.ts';

export interface Removed {
  readonly chunks: number;
  readonly relations: number;
  readonly entities: number;
}

/**
 * Removes a document and everything that was made of it: chunks, index, vectors, the passages of facts,
 * and the facts and entities that were known from nowhere else.
 */
export function removeDocument(database: DatabaseSync, document: StoredDocument): Removed {
  const touched = database
    .prepare('SELECT DISTINCT relation_key FROM relation_passages WHERE document_key = ?')
    .all(document.documentKey)
    .map((row) => Number(row['relation_key']));
  deleteChunks(database, document);
  database.prepare('DELETE FROM documents WHERE document_key = ?').run(document.documentKey);
  return { chunks: document.chunks, ...removeUnfounded(database, touched) };
}
