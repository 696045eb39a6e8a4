import type { DatabaseSync } from 'node:sqlite';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { Vectorizer } from '../embeddings/vectorizer.ts';
import { addFacts } from '../graph/add-facts.ts';
import { queryGraph } from '../graph/query-graph.ts';
import { ingestDocument } from '../ingestion/ingest-document.ts';
import { ingestFolder } from '../ingestion/ingest-folder.ts';
import type { ForgetTarget, Ingested, Knowledge } from '../knowledge.ts';
import { findSimilar } from '../search/find-similar.ts';
import { searchDocuments } from '../search/search-documents.ts';
import {
  documentNotFound,
  findBySource,
  requireDocument,
  type StoredDocument,
} from '../store/document-rows.ts';
import { findProject } from '../store/projects.ts';
import { listDocuments, readStatistics, readText } from '../store/read-text.ts';
import { removeDocument, removeHidden } from '../store/remove-document.ts';

export interface KnowledgeBaseOptions {
  readonly database: ComponentDatabase;
  readonly vectorizer: Vectorizer;
  /** The folders that may be read; a relative path is one in the first. */
  readonly roots: readonly string[];
}

/** The knowledge base over one database. */
export function createKnowledgeBase({ database, vectorizer, roots }: KnowledgeBaseOptions): Knowledge {
  const closing = new AbortController();
  let removing: Promise<void> = Promise.resolve();
  /** One after the other. What goes wrong is for whoever waits; the next one tries again. */
  const removeNow = (): Promise<void> => {
    removing = removing.catch(() => undefined).then(() => removeHidden(database, closing.signal));
    removing.catch(() => undefined);
    return removing;
  };
  // What an earlier server has left.
  void removeNow();
  const ingest: Knowledge['ingest'] = async (input, { signal, onProgress }) => {
    const { outcome, document } = await ingestDocument(database, roots, input, signal).finally(
      () => void removeNow(),
    );
    onProgress?.(0, document.chunks, 'stored; making vectors');
    await vectorizer.makeMissing({ documentKey: document.documentKey }, signal, (done) =>
      onProgress?.(Math.min(done, document.chunks), document.chunks, 'making vectors'),
    );
    return { outcome, document, vectors: await vectorizer.report(document.projectKey) } satisfies Ingested;
  };
  return {
    ingest,
    async ingestText({ text, source, ...rest }, { signal }) {
      const { document } = await ingest(
        { ...rest, format: 'markdown', content: { text, source } },
        { signal },
      );
      return document;
    },
    async ingestFolder(folder, options) {
      const result = await ingestFolder(database, vectorizer, roots, folder, options).finally(
        () => void removeNow(),
      );
      const projectKey = await database.read((rows) => findProject(rows, folder.project));
      return { ...result, vectors: await vectorizer.report(projectKey) };
    },
    search: (request, options) => searchDocuments(database, vectorizer, request, options),
    findSimilar: (request) => findSimilar(database, vectorizer, request),
    async forget(target) {
      const forgotten = await database.write((rows) => {
        const document = findTarget(rows, target);
        return { document, ...removeDocument(rows, document) };
      });
      await removeNow();
      return forgotten;
    },
    addFacts: (facts) => database.write((rows) => addFacts(rows, facts, Date.now())),
    queryGraph: (question) => database.read((rows) => queryGraph(rows, question)),
    listDocuments: (query) => database.read((rows) => listDocuments(rows, query)),
    readDocument: (id, range) => database.read((rows) => readText(rows, id, range)),
    async statistics(query) {
      const counts = await database.read((rows) => readStatistics(rows, query));
      return { ...counts, embeddings: vectorizer.description };
    },
    async close() {
      closing.abort();
      await Promise.allSettled([removing, vectorizer.stop()]);
      await Promise.all([database.close(), vectorizer.close()]);
    },
  };
}

function findTarget(database: DatabaseSync, target: ForgetTarget): StoredDocument {
  if ('documentId' in target) return requireDocument(database, target.documentId);
  const projectKey = findProject(database, target.project);
  const found = projectKey === undefined ? undefined : findBySource(database, projectKey, target.source);
  if (found === undefined) throw documentNotFound(target.source);
  return found;
}
