import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { Vectorizer } from '../embeddings/vectorizer.ts';
import type { CallOptions, DocumentSummary, SearchAnswer, SearchHit, SearchRequest } from '../knowledge.ts';
import { findDocumentByKey } from '../store/document-rows.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { FusedChunk } from './fuse-rankings.ts';
import { type RankedAnswer, rankChunks } from './hybrid-search.ts';
import { matchExpression } from './match-expression.ts';
import { resolveFilter } from './search-filter.ts';
import { readSnippet } from './snippets.ts';

/** What the passages of a page may have together, when they are shown whole. */
const textBudget = 30_000;

/** Answers a question with the chunks that fit best, a page at a time. */
export async function searchDocuments(
  database: ComponentDatabase,
  vectorizer: Vectorizer,
  request: SearchRequest,
  { signal }: CallOptions,
): Promise<SearchAnswer> {
  const { cursor, limit, ...question } = request;
  const from = cursor === undefined ? 0 : Number(decodeCursor(cursor, question));
  const filter = await database.read((rows) => resolveFilter(rows, request));
  const ranked: RankedAnswer =
    filter === undefined
      ? { chunks: [], mode: request.mode ?? 'hybrid' }
      : await rankChunks(database, vectorizer, request.query, filter, request.mode, signal);
  const report = await vectorizer.report(filter?.projectKey);
  if (report.pendingChunks > 0 && report.problem === null) vectorizer.makeMissingLater(filter?.projectKey);
  const { hits, next } = await database.read((rows) => {
    const chosen = choose(rows, ranked.chunks, request);
    const page = chosen.slice(from, from + limit);
    const expression = ranked.mode === 'vectors' ? null : matchExpression(request.query);
    return {
      hits: page.map((chunk) => {
        const { text, ...hit } = toHit(rows, chunk);
        const shown = request.wholePassages
          ? text.slice(0, Math.floor(textBudget / page.length))
          : readSnippet(rows, expression, chunk.chunkKey, text);
        return { ...hit, text: shown };
      }),
      next: from + limit < chosen.length ? from + limit : undefined,
    };
  });
  return {
    hits,
    nextCursor: next === undefined ? null : encodeCursor(String(next), question),
    mode: ranked.mode,
    vectors: report,
  };
}

interface ChosenChunk extends FusedChunk {
  readonly documentKey: number;
}

/** At most so many of each document, and none below the score that was asked for. */
function choose(
  database: DatabaseSync,
  chunks: readonly FusedChunk[],
  { perDocument, minimumScore = 0 }: SearchRequest,
): readonly ChosenChunk[] {
  const documentOf = database.prepare(
    `SELECT document_key FROM chunks JOIN documents USING (document_key)
       WHERE chunk_key = ? AND hidden_until IS NULL`,
  );
  const taken = new Map<number, number>();
  const chosen: ChosenChunk[] = [];
  for (const chunk of chunks) {
    if (chunk.score < minimumScore) break;
    const documentKey = Number(documentOf.get(chunk.chunkKey)?.['document_key'] ?? Number.NaN);
    // Forgotten by another process a moment ago.
    if (Number.isNaN(documentKey)) continue;
    const count = taken.get(documentKey) ?? 0;
    if (count >= perDocument) continue;
    taken.set(documentKey, count + 1);
    chosen.push({ ...chunk, documentKey });
  }
  return chosen;
}

function toHit(database: DatabaseSync, { chunkKey, documentKey, score }: ChosenChunk): SearchHit {
  const row = database
    .prepare('SELECT position, heading, start, text FROM chunks WHERE chunk_key = ?')
    .get(chunkKey);
  const document: DocumentSummary = findDocumentByKey(database, documentKey);
  return {
    document,
    chunk: Number(row?.['position']),
    heading: String(row?.['heading']),
    start: Number(row?.['start']),
    score: Math.round(score * 1e4) / 1e4,
    text: String(row?.['text']),
  };
}
