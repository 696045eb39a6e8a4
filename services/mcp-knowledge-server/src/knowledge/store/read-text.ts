import type { DatabaseSync } from 'node:sqlite';

import type { DocumentSummary, KnowledgeStatistics } from '../knowledge.ts';
import { decodeCursor, encodeCursor } from '../search/cursor.ts';
import { findDocument, selectDocuments, toDocument } from './document-rows.ts';
import { findProject } from './projects.ts';

/** A part of a document's text, put together from its chunks. */
export function readText(
  database: DatabaseSync,
  id: string,
  { from, maxCharacters }: { readonly from: number; readonly maxCharacters: number },
): { readonly document: DocumentSummary; readonly text: string } | undefined {
  const document = findDocument(database, id);
  if (document === undefined) return undefined;
  const until = from + maxCharacters;
  const rows = database
    .prepare(
      `SELECT start, text FROM chunks WHERE document_key = ? AND start < ? AND start + length(text) * 2 >= ?
       ORDER BY position`,
    )
    .all(document.documentKey, until, from);
  const text = rows
    .map((row) => {
      const start = Number(row['start']);
      return String(row['text']).slice(Math.max(0, from - start), Math.max(0, until - start));
    })
    .join('');
  return { document, text };
}

export function listDocuments(
  database: DatabaseSync,
  query: {
    readonly project?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): { readonly documents: readonly DocumentSummary[]; readonly nextCursor: string | null } {
  const question = { list: query.project ?? null };
  const projectKey = query.project === undefined ? undefined : findProject(database, query.project);
  if (query.project !== undefined && projectKey === undefined) return { documents: [], nextCursor: null };
  const [time, key] =
    query.cursor === undefined
      ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
      : decodeCursor(query.cursor, question).split('.').map(Number);
  const found = database
    .prepare(
      `${selectDocuments} WHERE hidden_until IS NULL AND (ingested_at, document_key) < (?, ?)
         ${projectKey === undefined ? '' : 'AND documents.project_key = ?'}
       ORDER BY ingested_at DESC, document_key DESC LIMIT ?`,
    )
    .all(time ?? 0, key ?? 0, ...(projectKey === undefined ? [] : [projectKey]), query.limit + 1)
    .map(toDocument);
  const documents = found.slice(0, query.limit);
  const last = documents.at(-1);
  return {
    documents,
    nextCursor:
      found.length > query.limit && last !== undefined
        ? encodeCursor(`${last.ingestedAt}.${last.documentKey}`, question)
        : null,
  };
}

export function readStatistics(
  database: DatabaseSync,
  query: { readonly project?: string | undefined },
): Omit<KnowledgeStatistics, 'embeddings'> {
  const projectKey = query.project === undefined ? null : (findProject(database, query.project) ?? -1);
  const row =
    database
      .prepare(
        `SELECT
           (SELECT count(*) FROM documents WHERE hidden_until IS NULL
              AND project_key = coalesce(:project, project_key)) AS documents,
           (SELECT coalesce(sum(chunks), 0) FROM knowledge_projects
              WHERE project_key = coalesce(:project, project_key)) AS chunks,
           (SELECT count(*) FROM entities WHERE project_key = coalesce(:project, project_key)) AS entities,
           (SELECT count(*) FROM relations JOIN entities ON entity_key = subject_key
              WHERE project_key = coalesce(:project, project_key)) AS relations,
           (SELECT max(ingested_at) FROM documents WHERE hidden_until IS NULL
              AND project_key = coalesce(:project, project_key)) AS last`,
      )
      .get({ project: projectKey }) ?? {};
  return {
    documents: Number(row['documents']),
    chunks: Number(row['chunks']),
    entities: Number(row['entities']),
    relations: Number(row['relations']),
    lastIngestedAt: row['last'] === null ? null : Number(row['last']),
  };
}
