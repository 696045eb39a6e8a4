/** A document without its text. */
export interface DocumentSummary {
  readonly id: string;
  readonly project: string | null;
  readonly title: string;
  /** The path or URL that it came from. */
  readonly source: string | null;
  readonly tags: readonly string[];
  readonly characters: number;
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

/**
 * The knowledge base, as the rest of the server sees it. It is opened by the first call that needs it,
 * never at start.
 */
export interface Knowledge {
  ingestText(document: TextDocument, options: { readonly signal: AbortSignal }): Promise<DocumentSummary>;
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
