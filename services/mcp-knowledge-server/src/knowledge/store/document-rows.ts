import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

import { KnowledgeError } from '../../errors/knowledge-error.ts';
import type { DocumentSummary } from '../knowledge.ts';

type Row = Record<string, SQLOutputValue>;

/** A document as the store knows it. */
export interface StoredDocument extends DocumentSummary {
  readonly documentKey: number;
  readonly projectKey: number;
}

const columns = `
  documents.*, knowledge_projects.name AS project,
  (SELECT json_group_array(source) FROM (SELECT source FROM document_sources
     WHERE document_sources.document_key = documents.document_key ORDER BY source)) AS sources,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM document_tags
     WHERE document_tags.document_key = documents.document_key ORDER BY tag)) AS tags,
  (SELECT count(*) FROM chunks WHERE chunks.document_key = documents.document_key) AS chunks`;
const from = 'FROM documents JOIN knowledge_projects USING (project_key)';

export const selectDocuments: string = `SELECT ${columns} ${from}`;

export function toDocument(row: Row): StoredDocument {
  const sources = JSON.parse(String(row['sources'])) as string[];
  return {
    documentKey: Number(row['document_key']),
    projectKey: Number(row['project_key']),
    id: String(row['id']),
    project: row['project'] === null ? null : String(row['project']),
    title: String(row['title']),
    source: sources[0] ?? null,
    sources,
    tags: JSON.parse(String(row['tags'])) as string[],
    format: String(row['format']),
    contentHash: String(row['content_hash']),
    characters: Number(row['characters']),
    chunks: Number(row['chunks']),
    ingestedAt: Number(row['ingested_at']),
  };
}

export function findDocument(database: DatabaseSync, id: string): StoredDocument | undefined {
  const row = database.prepare(`${selectDocuments} WHERE id = ?`).get(id);
  return row && toDocument(row);
}

export function findDocumentByKey(database: DatabaseSync, documentKey: number): StoredDocument {
  const row = database.prepare(`${selectDocuments} WHERE document_key = ?`).get(documentKey);
  if (row === undefined) throw new Error(`document ${documentKey} is gone`);
  return toDocument(row);
}

/** @throws KnowledgeError `DOCUMENT_NOT_FOUND` */
export function requireDocument(database: DatabaseSync, id: string): StoredDocument {
  const document = findDocument(database, id);
  if (document === undefined) throw documentNotFound(id);
  return document;
}

export function documentNotFound(id: string): KnowledgeError {
  return new KnowledgeError(
    'DOCUMENT_NOT_FOUND',
    `There is no document ${JSON.stringify(id.slice(0, 200))}.`,
  );
}

/** The document that a source stands for in a project. */
export function findBySource(
  database: DatabaseSync,
  projectKey: number,
  source: string,
): StoredDocument | undefined {
  const row = database
    .prepare(
      `${selectDocuments} WHERE document_key =
         (SELECT document_key FROM document_sources WHERE project_key = ? AND source = ?)`,
    )
    .get(projectKey, source);
  return row && toDocument(row);
}

export function findByHash(
  database: DatabaseSync,
  projectKey: number,
  contentHash: string,
): StoredDocument | undefined {
  const row = database
    .prepare(`${selectDocuments} WHERE project_key = ? AND content_hash = ?`)
    .get(projectKey, contentHash);
  return row && toDocument(row);
}
