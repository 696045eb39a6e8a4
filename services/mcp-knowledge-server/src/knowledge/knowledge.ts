import type { DocumentFormat } from './extraction/document-format.ts';
import type { Facts, FactsResult, GraphAnswer, GraphQuestion } from './graph/graph.ts';
import type { DocumentFilter } from './search/search-filter.ts';

/** A document without its text. */
export interface DocumentSummary {
  readonly id: string;
  readonly project: string | null;
  readonly title: string;
  /** The path or URL that it came from; the first where there are several. */
  readonly source: string | null;
  readonly sources: readonly string[];
  readonly tags: readonly string[];
  readonly format: string;
  /** SHA-256 of what was given, in hexadecimal. */
  readonly contentHash: string;
  readonly characters: number;
  readonly chunks: number;
  /** Milliseconds since 1970. */
  readonly ingestedAt: number;
}

export interface KnowledgeStatistics {
  readonly documents: number;
  readonly chunks: number;
  readonly entities: number;
  readonly relations: number;
  /** Which provider makes the vectors, and its model; `off` when there are none. */
  readonly embeddings: string;
  /** Milliseconds since 1970; null when there is no document. */
  readonly lastIngestedAt: number | null;
}

export interface TextDocument {
  readonly project: string | null;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  /** Ingesting again under the same source updates the document in place. */
  readonly source: string;
}

export interface DocumentInput {
  readonly project: string | null;
  readonly title?: string | undefined;
  readonly tags: readonly string[];
  readonly format?: DocumentFormat | undefined;
  /** What is given, or a file in one of the folders that may be read. */
  readonly content:
    | { readonly text: string; readonly source: string | null }
    | { readonly path: string; readonly source?: string | undefined };
}

export type IngestOutcome = 'added' | 'updated' | 'unchanged';

/** Whether vectors were made or used, and by what. */
export interface VectorReport {
  /** `provider: model`, or `off`. */
  readonly provider: string;
  /** Why there are no vectors, where there should be. */
  readonly problem: string | null;
  /** Chunks that still wait for their vectors; they are found by their words only. */
  readonly pendingChunks: number;
}

export interface Ingested {
  readonly outcome: IngestOutcome;
  readonly document: DocumentSummary;
  readonly vectors: VectorReport;
}

export interface FolderInput {
  readonly project: string | null;
  readonly path: string;
  readonly tags: readonly string[];
  /** Names or globs of files to take, relative to the folder. Default: every file of a known kind. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly maxFiles: number;
}

export interface FolderIngested {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** What was passed over, and why; the first of them. */
  readonly skipped: readonly { readonly path: string; readonly code: string; readonly problem: string }[];
  readonly skippedCount: number;
  /** There were more files than `maxFiles`. */
  readonly truncated: boolean;
  readonly vectors: VectorReport;
}

export type SearchMode = 'hybrid' | 'full_text' | 'vectors';

export interface SearchRequest extends DocumentFilter {
  readonly query: string;
  /** @defaultValue hybrid, or full_text when there are no vectors */
  readonly mode?: SearchMode | undefined;
  readonly limit: number;
  /** Between 0 and 1. */
  readonly minimumScore?: number | undefined;
  /** How many chunks of one document there may be. */
  readonly perDocument: number;
  /** Instead of the words around what was found; together at most 30,000 characters. */
  readonly wholePassages: boolean;
  readonly cursor?: string | undefined;
}

export interface SearchHit {
  readonly document: DocumentSummary;
  /** The place of the chunk in its document, from 0. */
  readonly chunk: number;
  readonly heading: string;
  /** Where the chunk begins in the document's text. */
  readonly start: number;
  readonly score: number;
  /** The words around what was found, which is marked with `**`; or the whole chunk. */
  readonly text: string;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly nextCursor: string | null;
  /** How it was answered, which is less than was asked for when the provider is down. */
  readonly mode: SearchMode;
  readonly vectors: VectorReport;
}

export interface SimilarRequest extends DocumentFilter {
  readonly documentId: string;
  readonly limit: number;
  /** The least similarity, between 0 and 1. */
  readonly threshold: number;
}

export interface SimilarAnswer {
  readonly documents: readonly { readonly document: DocumentSummary; readonly similarity: number }[];
  /** `vectors`, or `full_text` where there are none: then shared words are counted. */
  readonly mode: 'vectors' | 'full_text';
  readonly vectors: VectorReport;
}

export type ForgetTarget =
  | { readonly documentId: string }
  | { readonly project: string | null; readonly source: string };

export interface Forgotten {
  readonly document: DocumentSummary;
  readonly chunks: number;
  readonly relations: number;
  readonly entities: number;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number, message: string) => void) | undefined;
}

/**
 * The knowledge base, as the rest of the server sees it. It is opened by the first call that needs it,
 * never at start.
 */
export interface Knowledge {
  ingestText(document: TextDocument, options: { readonly signal: AbortSignal }): Promise<DocumentSummary>;
  /** Resolves when the text is stored and its vectors are made, or cannot be. */
  ingest(document: DocumentInput, options: CallOptions): Promise<Ingested>;
  ingestFolder(folder: FolderInput, options: CallOptions): Promise<FolderIngested>;
  search(request: SearchRequest, options: CallOptions): Promise<SearchAnswer>;
  findSimilar(request: SimilarRequest, options: CallOptions): Promise<SimilarAnswer>;
  /** Removes a document and everything that was made of it. */
  forget(target: ForgetTarget): Promise<Forgotten>;
  addFacts(facts: Facts): Promise<FactsResult>;
  queryGraph(question: GraphQuestion): Promise<GraphAnswer>;
  /** Newest first. */
  listDocuments(query: {
    readonly project?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly documents: readonly DocumentSummary[]; readonly nextCursor: string | null }>;
  /** The text from a position on, at most `maxCharacters` of it; undefined when there is no such document. */
  readDocument(
    id: string,
    range: { readonly from: number; readonly maxCharacters: number },
  ): Promise<{ readonly document: DocumentSummary; readonly text: string } | undefined>;
  /** Of one project, or of all. */
  statistics(query: { readonly project?: string | undefined }): Promise<KnowledgeStatistics>;
  /** Waits for writes in flight, and releases everything. */
  close(): Promise<void>;
}
