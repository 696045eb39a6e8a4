import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { Chunk } from '../chunking/chunk.ts';
import type { IngestOutcome } from '../knowledge.ts';
import { type ChunkOwner, insertChunks } from './chunk-rows.ts';
import { findByHash, findBySource, findDocumentByKey, type StoredDocument } from './document-rows.ts';
import { ensureProject } from './projects.ts';
import { hideDocument, removeDocument } from './remove-document.ts';

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

/** So many chunks are stored in one transaction; more would hold the store for too long. */
const chunksAtOnce = 50;
const stepMs = 20;
/** A document that has not arrived by then never will: its server has gone. */
const arrivalMs = 10 * 60_000;

/**
 * Stores a document, once per content and project: it is there as a whole or not at all. What its source
 * stood for before is replaced under the same id; where another source still has the old content, that
 * document stays.
 */
export async function storeDocument(
  database: ComponentDatabase,
  given: NewDocument,
  signal: AbortSignal,
): Promise<StoreResult> {
  if (given.chunks.length <= chunksAtOnce) {
    return database.write((rows) => {
      const projectKey = ensureProject(rows, given.project);
      return place(rows, projectKey, given, () => {
        const owner = insertHidden(rows, projectKey, given);
        insertChunks(rows, owner, given.text, given.chunks, 0, Number.POSITIVE_INFINITY);
        return owner;
      });
    });
  }
  const known = await database.write((rows) => {
    const projectKey = ensureProject(rows, given.project);
    const same = findByHash(rows, projectKey, given.contentHash);
    return same === undefined ? { owner: insertHidden(rows, projectKey, given) } : { projectKey };
  });
  if (!('owner' in known)) return database.write((rows) => place(rows, known.projectKey, given, undefined));
  const { owner } = known;
  try {
    for (let position = 0; position < given.chunks.length;) {
      signal.throwIfAborted();
      const from = position;
      position = await database.write((rows) => {
        stayHidden(rows, owner.documentKey);
        return insertChunks(rows, owner, given.text, given.chunks, from, stepMs);
      });
    }
    return await database.write((rows) => place(rows, owner.projectKey, given, () => owner));
  } catch (error) {
    try {
      await database.write((rows) => hideDocument(rows, owner.documentKey));
    } catch {
      // The store cannot be written: what has arrived is removed when its time is over.
    }
    throw error;
  }
}

/** Makes a hidden document visible in the place that its source and content give it. */
function place(
  database: DatabaseSync,
  projectKey: number,
  given: NewDocument,
  arrive: (() => ChunkOwner) | undefined,
): StoreResult {
  const before = given.source === null ? undefined : findBySource(database, projectKey, given.source);
  const same = findByHash(database, projectKey, given.contentHash);
  if (same !== undefined) {
    // Somebody else may have been faster; then ours is not needed.
    if (arrive !== undefined && given.chunks.length > chunksAtOnce)
      hideDocument(database, arrive().documentKey);
    // The source has come to have the content of another document.
    if (before !== undefined && before.id !== same.id) leave(database, before, given.source);
    attach(database, same, given);
    return { outcome: 'unchanged', document: findDocumentByKey(database, same.documentKey) };
  }
  // Forgotten between two steps of ours: the caller is told as of any other failure, and tries again.
  if (arrive === undefined) throw new Error('the document has been forgotten meanwhile');
  const { documentKey } = arrive();
  stayHidden(database, documentKey);
  const replaces = before !== undefined && before.sources.length === 1;
  if (replaces) {
    const move = (table: string): void =>
      void database
        .prepare(`UPDATE OR IGNORE ${table} SET document_key = ? WHERE document_key = ?`)
        .run(documentKey, before.documentKey);
    move('relation_passages');
    move('document_tags');
    hideDocument(database, before.documentKey);
  } else if (before !== undefined) {
    leave(database, before, given.source);
  }
  database
    .prepare(
      'UPDATE documents SET id = ?, content_hash = ?, ingested_at = ?, hidden_until = NULL WHERE document_key = ?',
    )
    .run(replaces ? before.id : documentId(), given.contentHash, Date.now(), documentKey);
  attach(database, { documentKey, projectKey }, given);
  return { outcome: replaces ? 'updated' : 'added', document: findDocumentByKey(database, documentKey) };
}

function insertHidden(database: DatabaseSync, projectKey: number, given: NewDocument): ChunkOwner {
  const now = Date.now();
  const name = `arriving:${randomBytes(16).toString('hex')}`;
  const row = database
    .prepare(
      `INSERT INTO documents (id, project_key, title, format, content_hash, characters, ingested_at, hidden_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING document_key`,
    )
    .get(name, projectKey, given.title, given.format, name, given.text.length, now, now + arrivalMs);
  return { documentKey: Number(row?.['document_key']), projectKey, title: given.title };
}

/** As long as it keeps arriving, nobody removes it. */
function stayHidden(database: DatabaseSync, documentKey: number): void {
  const now = Date.now();
  const { changes } = database
    .prepare('UPDATE documents SET hidden_until = ? WHERE document_key = ? AND hidden_until > ?')
    .run(now + arrivalMs, documentKey, now);
  if (changes !== 1) throw new Error('the document took too long to arrive');
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
function documentId(): string {
  return `doc_${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`;
}
