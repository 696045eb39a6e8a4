import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { Vectorizer } from '../embeddings/vectorizer.ts';
import type { SimilarAnswer, SimilarRequest } from '../knowledge.ts';
import { findDocumentByKey, requireDocument, type StoredDocument } from '../store/document-rows.ts';
import { searchFullText } from './full-text-search.ts';
import { matchExpression } from './match-expression.ts';
import { type ChunkFilter, resolveFilter } from './search-filter.ts';
import { stopWords } from './stop-words.ts';
import { readVectors, searchVectors } from './vector-search.ts';

/** What a document is about stands in its first pages. */
const maxChunks = 64;
const maxWords = 24;
const depth = 200;

/** The documents that are most like another one: by vectors, or by shared words where there are none. */
export async function findSimilar(
  database: ComponentDatabase,
  vectorizer: Vectorizer,
  request: SimilarRequest,
): Promise<SimilarAnswer> {
  const modelKey = await vectorizer.modelKey();
  const { documents, mode, projectKey } = await database.read((rows) => {
    const document = requireDocument(rows, request.documentId);
    const filter = resolveFilter(rows, request);
    if (filter === undefined) return { documents: [], mode: 'vectors' as const, projectKey: undefined };
    const vectors = modelKey === undefined ? [] : readVectors(rows, modelKey, chunkKeys(rows, document));
    const byVector = modelKey !== undefined && vectors.length > 0;
    const similar = byVector
      ? similarByVectors(rows, modelKey, vectors, filter)
      : similarByWords(rows, document, filter);
    const found = [...similar]
      .filter(([key, similarity]) => key !== document.documentKey && similarity >= request.threshold)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, request.limit)
      .map(([key, similarity]) => ({
        document: findDocumentByKey(rows, key),
        similarity: Math.round(similarity * 1e4) / 1e4,
      }));
    return {
      documents: found,
      mode: byVector ? ('vectors' as const) : ('full_text' as const),
      projectKey: filter.projectKey,
    };
  });
  return { documents, mode, vectors: await vectorizer.report(projectKey) };
}

function chunkKeys(database: DatabaseSync, document: StoredDocument): number[] {
  return database
    .prepare('SELECT chunk_key FROM chunks WHERE document_key = ? ORDER BY position LIMIT ?')
    .all(document.documentKey, maxChunks)
    .map((row) => Number(row['chunk_key']));
}

function similarByVectors(
  database: DatabaseSync,
  modelKey: number,
  vectors: readonly Float32Array[],
  filter: ChunkFilter,
): ReadonlyMap<number, number> {
  const [first] = vectors;
  if (first === undefined) return new Map();
  const middle = first.map((_, index) =>
    vectors.reduce((sum, vector) => sum + (vector[index] ?? 0) / vectors.length, 0),
  );
  const documentOf = database.prepare(
    `SELECT document_key FROM chunks JOIN documents USING (document_key)
       WHERE chunk_key = ? AND hidden_until IS NULL`,
  );
  const best = new Map<number, number>();
  for (const { chunkKey, similarity } of searchVectors(database, modelKey, middle, filter, depth)) {
    const row = documentOf.get(chunkKey);
    if (row === undefined) continue;
    const key = Number(row['document_key']);
    best.set(key, Math.max(best.get(key) ?? 0, similarity));
  }
  return best;
}

/** The share of a document's most frequent words that another one has too. */
function similarByWords(
  database: DatabaseSync,
  document: StoredDocument,
  filter: ChunkFilter,
): ReadonlyMap<number, number> {
  const counts = new Map<string, number>();
  const texts = database
    .prepare('SELECT text FROM chunks WHERE document_key = ? ORDER BY position LIMIT ?')
    .all(document.documentKey, maxChunks);
  for (const row of texts) {
    for (const [word] of String(row['text'])
      .toLowerCase()
      .matchAll(/[\p{L}\p{N}]{3,}/gu)) {
      if (!stopWords.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const words = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, maxWords)
    .map(([word]) => word);
  const expression = matchExpression(words.join(' '));
  if (expression === null) return new Map();
  const read = database.prepare(
    `SELECT document_key, text FROM chunks JOIN documents USING (document_key)
     WHERE chunk_key = ? AND hidden_until IS NULL`,
  );
  const shares = new Map<number, number>();
  for (const { chunkKey } of searchFullText(database, expression, filter, depth)) {
    const row = read.get(chunkKey);
    if (row === undefined) continue;
    const text = String(row['text']).toLowerCase();
    const shared = words.filter((word) => text.includes(word)).length / words.length;
    const key = Number(row['document_key']);
    shares.set(key, Math.max(shares.get(key) ?? 0, shared));
  }
  return shares;
}
