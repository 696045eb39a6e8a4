import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import { chunkKeysOf } from '../store/chunk-keys.ts';
import { findProject } from '../store/projects.ts';

export interface DocumentFilter {
  /** Undefined: of all projects. */
  readonly project?: string | undefined;
  /** A document must have all of them. */
  readonly tags?: readonly string[] | undefined;
  /** Ingested from then on, and before then, in milliseconds since 1970. */
  readonly ingestedFrom?: number | undefined;
  readonly ingestedTo?: number | undefined;
}

export interface ChunkFilter {
  readonly projectKey: number | undefined;
  readonly keys: { readonly first: number; readonly last: number } | undefined;
  /** A condition on `documents`; undefined when every document fits. */
  readonly documents: { readonly sql: string; readonly values: readonly SQLInputValue[] } | undefined;
}

/** What a filter means for this store; undefined when nothing can fit it. */
export function resolveFilter(database: DatabaseSync, filter: DocumentFilter): ChunkFilter | undefined {
  const projectKey = filter.project === undefined ? undefined : findProject(database, filter.project);
  if (filter.project !== undefined && projectKey === undefined) return undefined;
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  for (const tag of filter.tags ?? []) {
    conditions.push(
      'EXISTS (SELECT 1 FROM document_tags AS t WHERE t.document_key = documents.document_key AND t.tag = ?)',
    );
    values.push(tag);
  }
  if (filter.ingestedFrom !== undefined) {
    conditions.push('documents.ingested_at >= ?');
    values.push(filter.ingestedFrom);
  }
  if (filter.ingestedTo !== undefined) {
    conditions.push('documents.ingested_at < ?');
    values.push(filter.ingestedTo);
  }
  return {
    projectKey,
    keys: projectKey === undefined ? undefined : chunkKeysOf(projectKey),
    documents: conditions.length === 0 ? undefined : { sql: conditions.join(' AND '), values },
  };
}
