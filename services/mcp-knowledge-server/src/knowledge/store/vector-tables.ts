import type { DatabaseSync } from 'node:sqlite';

export interface EmbeddingModel {
  readonly modelKey: number;
  readonly dimensions: number;
}

/** Each model has a table of its own: vectors of different models cannot be compared. */
export function vectorTable(modelKey: number): string {
  return `chunk_vectors_${modelKey}`;
}

export function findModel(
  database: DatabaseSync,
  provider: string,
  model: string,
  dimensions?: number,
): EmbeddingModel | undefined {
  const row = database
    .prepare(
      `SELECT model_key, dimensions FROM embedding_models
       WHERE provider = ? AND model = ? AND dimensions = coalesce(?, dimensions)
       ORDER BY model_key DESC`,
    )
    .get(provider, model, dimensions ?? null);
  return row && { modelKey: Number(row['model_key']), dimensions: Number(row['dimensions']) };
}

/** Registers a model that has answered, with its table. */
export function ensureModel(
  database: DatabaseSync,
  provider: string,
  model: string,
  dimensions: number,
): EmbeddingModel {
  const found = findModel(database, provider, model, dimensions);
  if (found !== undefined) return found;
  const row = database
    .prepare(
      'INSERT INTO embedding_models (provider, model, dimensions) VALUES (?, ?, ?) RETURNING model_key',
    )
    .get(provider, model, dimensions);
  const modelKey = Number(row?.['model_key']);
  database.exec(
    `CREATE VIRTUAL TABLE ${vectorTable(modelKey)} USING vec0 (
       chunk_key   INTEGER PRIMARY KEY,
       project_key INTEGER PARTITION KEY,
       embedding   FLOAT[${dimensions}] distance_metric = cosine
     )`,
  );
  return { modelKey, dimensions };
}

/** The bytes in which sqlite-vec takes a vector. */
export function toBlob(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** A copy, so that it is aligned whatever the row's bytes are. */
export function fromBlob(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
