import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import { removeUnfounded } from '../graph/remove-unfounded.ts';
import { deleteChunk } from './chunk-rows.ts';
import type { StoredDocument } from './document-rows.ts';

export interface Removed {
  readonly chunks: number;
  readonly relations: number;
  readonly entities: number;
}

/** How long one transaction may hold the store: others write to it too. */
const stepMs = 20;

/**
 * Takes a document out of sight, with the facts and entities that were known from nowhere else. What was
 * made of its text is removed by `removeHidden`.
 */
export function removeDocument(database: DatabaseSync, document: StoredDocument): Removed {
  const touched = database
    .prepare('SELECT DISTINCT relation_key FROM relation_passages WHERE document_key = ?')
    .all(document.documentKey)
    .map((row) => Number(row['relation_key']));
  database.prepare('DELETE FROM relation_passages WHERE document_key = ?').run(document.documentKey);
  hideDocument(database, document.documentKey);
  return { chunks: document.chunks, ...removeUnfounded(database, touched) };
}

/** Its id, source and content are free for another one. The title stays for the index, which must unlearn it. */
export function hideDocument(database: DatabaseSync, documentKey: number): void {
  database
    .prepare(
      `UPDATE documents SET hidden_until = 0, id = 'hidden:' || document_key,
         content_hash = 'hidden:' || document_key WHERE document_key = ?`,
    )
    .run(documentKey);
  database.prepare('DELETE FROM document_sources WHERE document_key = ?').run(documentKey);
  database.prepare('DELETE FROM document_tags WHERE document_key = ?').run(documentKey);
}

/** Removes what is hidden for good, in many short transactions; whoever is cut off leaves the rest to the next. */
export async function removeHidden(database: ComponentDatabase, signal: AbortSignal): Promise<void> {
  const isAny = await database.read((rows) => nextHidden(rows) !== undefined);
  if (!isAny) return;
  while (!signal.aborted && (await database.write(removeSome))) {
    // The next step.
  }
}

function nextHidden(
  database: DatabaseSync,
): { readonly documentKey: number; readonly projectKey: number } | undefined {
  const row = database
    .prepare('SELECT document_key, project_key FROM documents WHERE hidden_until <= ? LIMIT 1')
    .get(Date.now());
  return row && { documentKey: Number(row['document_key']), projectKey: Number(row['project_key']) };
}

/** False when nothing is left. */
function removeSome(database: DatabaseSync): boolean {
  const hidden = nextHidden(database);
  if (hidden === undefined) return false;
  const next = database.prepare('SELECT chunk_key FROM chunks WHERE document_key = ? LIMIT 1');
  const endsAt = performance.now() + stepMs;
  do {
    const chunk = next.get(hidden.documentKey);
    if (chunk === undefined) {
      database.prepare('DELETE FROM documents WHERE document_key = ?').run(hidden.documentKey);
      return true;
    }
    deleteChunk(database, hidden.projectKey, Number(chunk['chunk_key']));
  } while (performance.now() < endsAt);
  return true;
}
