import { z } from 'zod';

import type { DocumentSummary, VectorReport } from '../knowledge/knowledge.ts';
import { timestamp, toTimestamp } from '../sessions/session-view.ts';

/** A document as agents see it. */
export const documentFields = {
  document_id: z.string(),
  title: z.string(),
  project: z.string().nullable(),
  source: z.string().nullable(),
  tags: z.array(z.string()),
  format: z.string(),
  characters: z.int(),
  ingested_at: timestamp,
};

export interface DocumentView {
  readonly document_id: string;
  readonly title: string;
  readonly project: string | null;
  readonly source: string | null;
  readonly tags: string[];
  readonly format: string;
  readonly characters: number;
  readonly ingested_at: string;
}

export function viewDocument(document: DocumentSummary): DocumentView {
  const { id, title, project, source, tags, format, characters, ingestedAt } = document;
  return {
    document_id: id,
    title,
    project,
    source,
    tags: [...tags],
    format,
    characters,
    ingested_at: toTimestamp(ingestedAt),
  };
}

/**
 * Which provider has answered, with its model, or `off`; why it has not, where it should have; and how many
 * chunks have no vector yet and are found by their words only. In each answer that has to do with vectors.
 */
export const vectorFields = {
  embeddings: z.string(),
  embeddings_problem: z.string().optional(),
  pending_chunks: z.int().optional(),
};

export function viewVectors({ provider, problem, pendingChunks }: VectorReport): {
  readonly embeddings: string;
  readonly embeddings_problem?: string;
  readonly pending_chunks?: number;
} {
  return {
    embeddings: provider,
    ...(problem === null ? {} : { embeddings_problem: problem }),
    ...(pendingChunks === 0 ? {} : { pending_chunks: pendingChunks }),
  };
}

/** What the vectors' part of an answer says in words; nothing when all is well. */
export function noteVectors({ problem, pendingChunks }: VectorReport): string {
  if (problem !== null) return ` No vectors: ${problem}.`;
  return pendingChunks === 0 ? '' : ` ${pendingChunks} chunks still wait for their vectors.`;
}
