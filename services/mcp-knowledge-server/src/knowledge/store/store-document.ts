import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import type { Chunk } from '../chunking/chunk.ts';
import type { IngestOutcome } from '../knowledge.ts';
import { deleteChunks, insertChunks } from './chunk-rows.ts';
import { findByHash, findBySource, findDocumentByKey, type StoredDocument } from './document-rows.ts';
import { removeDocument } from './remove-document.ts';
import { ensureProject } from './projects.ts';

export interface NewDocument {
  readonly project: string | null;
  readonly source: string | null;
  readonly title: string;
  readonly format: string;
  readonly tags: readonly string[];
  readonly contentHash: string;
  readonly text: string;
  readonly chunks: readonly Chunk[];
}

export interface StoreResult {
  readonly outcome: IngestOutcome;
  readonly document: StoredDocument;
}

/**
 * Stores a document in one step, once per content and project. What a source stood for before is
 * replaced under the same id; where another source still has the old content, that document stays.
 */
export function storeDocument(database: DatabaseSync, given: NewDocument, now: number): StoreResult {
  const projectKey = ensureProject(database, given.project);
  const before = given.source === null ? undefined : findBySource(database, projectKey, given.source);
  const same = findByHash(database, projectKey, given.contentHash);
  if (same !== undefined) {
    // The source has come to have the content of another document.
    if (before !== undefined && before.id !== same.id) leave(database, before, given.source);
    attach(database, same, given);
    return { outcome: 'unchanged', document: findDocumentByKey(database, same.documentKey) };
  }
  if (before !== undefined && before.sources.length === 1) {
    deleteChunks(database, before);
    database
      .prepare(
        `UPDATE documents SET title = ?, format = ?, content_hash = ?, characters = ?, ingested_at = ?
         WHERE document_key = ?`,
      )
      .run(given.title, given.format, given.contentHash, given.text.length, now, before.documentKey);
    insertChunks(database, { ...before, title: given.title }, given.text, given.chunks);
    attach(database, before, given);
    return { outcome: 'updated', document: findDocumentByKey(database, before.documentKey) };
  }
  const row = database
    .prepare(
      `INSERT INTO documents (id, project_key, title, format, content_hash, characters, ingested_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING document_key`,
    )
    .get(documentId(now), projectKey, given.title, given.format, given.contentHash, given.text.length, now);
  const documentKey = Number(row?.['document_key']);
  insertChunks(database, { documentKey, projectKey, title: given.title }, given.text, given.chunks);
  if (before !== undefined) leave(database, before, given.source);
  attach(database, { documentKey, projectKey }, given);
  return { outcome: 'added', document: findDocumentByKey(database, documentKey) };
}

/** Tags add up: those of an earlier ingestion are kept. */
function attach(
  database: DatabaseSync,
  { documentKey, projectKey }: Pick<StoredDocument, 'documentKey' | 'projectKey'>,
  { source, tags }: NewDocument,
): void {
  if (source !== null) {
    database
      .prepare(
        `INSERT INTO document_sources VALUES (?, ?, ?)
         ON CONFLICT (project_key, source) DO UPDATE SET document_key = excluded.document_key`,
      )
      .run(projectKey, source, documentKey);
  }
  const insert = database.prepare('INSERT OR IGNORE INTO document_tags VALUES (?, ?)');
  for (const tag of tags) insert.run(documentKey, tag);
}

/** A document that no source stands for any more has been replaced. */
function leave(database: DatabaseSync, document: StoredDocument, source: string | null): void {
  if (document.sources.every((each) => each === source)) removeDocument(database, document);
}

/** Sorts by time; the rest is chance. */
function documentId(now: number): string {
  return `doc_${now.toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`;
}
