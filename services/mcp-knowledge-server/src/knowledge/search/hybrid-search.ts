import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { Vectorizer } from '../embeddings/vectorizer.ts';
import type { SearchMode } from '../knowledge.ts';
import { type FusedChunk, fuseRankings } from './fuse-rankings.ts';
import { searchFullText } from './full-text-search.ts';
import { matchExpression } from './match-expression.ts';
import { rankByFeedback, type TextChunk } from './rank-by-feedback.ts';
import type { RankedChunk } from './ranked-chunk.ts';
import type { ChunkFilter } from './search-filter.ts';
import { readVectors, searchVectors } from './vector-search.ts';

export interface RankedAnswer {
  readonly chunks: readonly FusedChunk[];
  readonly mode: SearchMode;
}

/** How deep each ranking goes; nobody reads further. */
const depth = 100;

/** Found with the odd-numbered questions of the Cranfield collection; see docs/benchmarks.md. */
const tuning = {
  smoothing: 20,
  vectorWeight: 0.7,
  feedbackWeight: 1,
  /** How many of the chunks that the words have found first are taken for good ones. */
  trusted: 5,
  /** How far the question's vector is moved towards theirs. */
  shift: 1,
};

/**
 * Ranks chunks by words, by vectors, or by both. A short question points only roughly, so for both the
 * chunks that its words have found first are asked too (Rocchio's feedback): the question's vector is moved
 * towards theirs, and their own words rank all candidates once more. The three rankings are fused.
 */
export async function rankChunks(
  database: ComponentDatabase,
  vectorizer: Vectorizer,
  query: string,
  filter: ChunkFilter,
  asked: SearchMode | undefined,
  signal: AbortSignal,
): Promise<RankedAnswer> {
  const expression = matchExpression(query);
  // The model thinks in its own thread while the words are looked up.
  const embedding = asked === 'full_text' ? undefined : vectorizer.embedQuery(query, signal);
  embedding?.catch(() => undefined);
  const findWords = async (): Promise<readonly RankedChunk[]> =>
    expression === null ? [] : database.read((rows) => searchFullText(rows, expression, filter, depth));
  const early = asked === 'vectors' ? [] : await findWords();
  const embedded = await embedding;
  if (embedded?.vector === undefined) {
    const chunks = asked === 'vectors' ? await findWords() : early;
    return { chunks: fuseRankings([{ chunks, weight: 1 }], tuning.smoothing), mode: 'full_text' };
  }
  const { vector, modelKey } = embedded;
  return database.read((rows) => {
    if (asked === 'vectors') {
      const chunks = searchVectors(rows, modelKey, vector, filter, depth);
      return { chunks: fuseRankings([{ chunks, weight: 1 }], tuning.smoothing), mode: asked };
    }
    const trusted = early.slice(0, tuning.trusted).map(({ chunkKey }) => chunkKey);
    const moved = moveTowards(vector, readVectors(rows, modelKey, trusted), tuning.shift);
    const meaning = searchVectors(rows, modelKey, moved, filter, depth);
    const pool = readTexts(rows, new Set([...early, ...meaning].map(({ chunkKey }) => chunkKey)));
    const rankings = [
      { chunks: early, weight: 1 },
      { chunks: meaning, weight: tuning.vectorWeight },
      { chunks: rankByFeedback(query, pool, new Set(trusted)), weight: tuning.feedbackWeight },
    ];
    return { chunks: fuseRankings(rankings, tuning.smoothing), mode: 'hybrid' };
  });
}

function readTexts(database: DatabaseSync, chunkKeys: ReadonlySet<number>): readonly TextChunk[] {
  const select = database.prepare('SELECT text FROM chunks WHERE chunk_key = ?');
  return [...chunkKeys].flatMap((chunkKey) => {
    const text = select.get(chunkKey)?.['text'];
    return typeof text === 'string' ? [{ chunkKey, text }] : [];
  });
}

/** Cosine distance does not mind the length. */
function moveTowards(vector: Float32Array, others: readonly Float32Array[], weight: number): Float32Array {
  if (others.length === 0) return vector;
  return vector.map(
    (value, index) =>
      value + (weight * others.reduce((sum, other) => sum + (other[index] ?? 0), 0)) / others.length,
  );
}
