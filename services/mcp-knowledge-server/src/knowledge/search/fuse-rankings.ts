import type { RankedChunk } from './ranked-chunk.ts';

export interface Ranking {
  readonly chunks: readonly RankedChunk[];
  readonly weight: number;
}

export interface FusedChunk extends RankedChunk {
  /** Between 0 and 1, which is the first place in every ranking. */
  readonly score: number;
}

/**
 * Reciprocal-rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), with a weight for each ranking:
 * a place counts `weight / (smoothing + place)`. Scores of different kinds need not be compared.
 */
export function fuseRankings(rankings: readonly Ranking[], smoothing: number): readonly FusedChunk[] {
  const scores = new Map<number, number>();
  let best = 0;
  for (const { chunks, weight } of rankings) {
    best += weight / (smoothing + 1);
    for (const [index, { chunkKey }] of chunks.entries()) {
      scores.set(chunkKey, (scores.get(chunkKey) ?? 0) + weight / (smoothing + index + 1));
    }
  }
  return [...scores]
    .map(([chunkKey, score]) => ({ chunkKey, score: score / best }))
    .toSorted((a, b) => b.score - a.score || a.chunkKey - b.chunkKey);
}
