import type { DatabaseSync } from 'node:sqlite';

import { chunkKeysOf, projectKeyOf } from './chunk-keys.ts';
import { ensureModel, findModel, toBlob, vectorTable } from './vector-tables.ts';

export interface PendingChunk {
  readonly chunkKey: number;
  /** What the vector is made of. */
  readonly text: string;
}

export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

/** Where to look for chunks without a vector. */
export type PendingScope = { readonly documentKey: number } | { readonly projectKey: number | undefined };

/** The next chunks without a vector of this model, in the order of their keys. */
export function pendingChunks(
  database: DatabaseSync,
  { provider, model }: ModelName,
  scope: PendingScope,
  after: number,
  limit: number,
): readonly PendingChunk[] {
  const modelKey = findModel(database, provider, model)?.modelKey ?? null;
  let [condition, first, last] = [
    'chunks.chunk_key > ? AND chunks.chunk_key <= ?',
    after,
    Number.MAX_SAFE_INTEGER,
  ];
  if ('documentKey' in scope) {
    condition = 'chunks.chunk_key > ? AND chunks.document_key = ?';
    last = scope.documentKey;
  } else if (scope.projectKey !== undefined) {
    const keys = chunkKeysOf(scope.projectKey);
    first = Math.max(after, keys.first - 1);
    last = keys.last;
  }
  return database
    .prepare(
      `SELECT chunk_key, text FROM chunks JOIN documents USING (document_key)
       WHERE ${condition} AND hidden_until IS NULL
         AND NOT EXISTS (SELECT 1 FROM embedded_chunks AS done
           WHERE done.model_key = ? AND done.chunk_key = chunks.chunk_key)
       ORDER BY chunk_key LIMIT ?`,
    )
    .all(first, last, modelKey, limit)
    .map((row) => ({ chunkKey: Number(row['chunk_key']), text: String(row['text']) }));
}

/** Stores vectors; a chunk that has been replaced or embedded by somebody else since is passed over. */
export function insertVectors(
  database: DatabaseSync,
  { provider, model }: ModelName,
  chunks: readonly PendingChunk[],
  vectors: readonly Float32Array[],
): void {
  const dimensions = vectors[0]?.length ?? 0;
  const { modelKey } = ensureModel(database, provider, model, dimensions);
  const isCurrent = database.prepare(
    `SELECT 1 FROM chunks WHERE chunk_key = :key AND text = :text
       AND NOT EXISTS (SELECT 1 FROM embedded_chunks WHERE model_key = :model AND chunk_key = :key)`,
  );
  const insert = database.prepare(
    `INSERT INTO ${vectorTable(modelKey)} (chunk_key, project_key, embedding) VALUES (?, ?, ?)`,
  );
  const mark = database.prepare('INSERT INTO embedded_chunks VALUES (?, ?)');
  const count = database.prepare(
    `INSERT INTO embedded_counts VALUES (?, ?, 1)
     ON CONFLICT (model_key, project_key) DO UPDATE SET chunks = chunks + 1`,
  );
  for (const [index, { chunkKey, text }] of chunks.entries()) {
    const vector = vectors[index];
    if (vector === undefined) throw new Error('there are fewer vectors than chunks');
    if (isCurrent.get({ key: chunkKey, text, model: modelKey }) === undefined) continue;
    const projectKey = projectKeyOf(chunkKey);
    // A vector table takes integers only, which node:sqlite binds from a bigint.
    insert.run(BigInt(chunkKey), BigInt(projectKey), toBlob(vector));
    mark.run(modelKey, chunkKey);
    count.run(modelKey, projectKey);
  }
}

/** How many chunks of a project, or of all, have no vector of this model. */
export function countPending(
  database: DatabaseSync,
  { provider, model }: ModelName,
  projectKey: number | undefined,
): number {
  const modelKey = findModel(database, provider, model)?.modelKey ?? null;
  const row = database
    .prepare(
      `SELECT coalesce(sum(chunks), 0) - (SELECT coalesce(sum(chunks), 0) FROM embedded_counts
         WHERE model_key = :model AND project_key = coalesce(:project, project_key)) AS pending
       FROM knowledge_projects WHERE project_key = coalesce(:project, project_key)`,
    )
    .get({ model: modelKey, project: projectKey ?? null });
  return Number(row?.['pending'] ?? 0);
}
