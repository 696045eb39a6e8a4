/** Makes vectors of texts. */
export interface EmbeddingProvider {
  readonly name: 'local' | 'http';
  readonly model: string;
  /**
   * One vector of length 1 per text, all of the same number of dimensions.
   *
   * @throws EmbeddingError when the provider is down
   */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]>;
  /** Releases what has been loaded. A later `embed` loads it again. */
  close(): Promise<void>;
}

/** A provider that cannot answer now. Search goes on without it, and says so. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
}

/** Scaled to length 1, so that the cosine is the scalar product. */
export function normalize(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  if (!Number.isFinite(length) || length === 0)
    throw new EmbeddingError('the model gave a vector without a length');
  return vector.map((value) => value / length);
}
