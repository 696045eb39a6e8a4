/** A chunk in a list that is sorted, the best first. */
export interface RankedChunk {
  readonly chunkKey: number;
}
