import { z } from 'zod';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import { DOCUMENT_FORMATS } from '../knowledge/extraction/document-format.ts';
import { defineTool } from './define-tool.ts';
import { noteVectors, vectorFields, viewVectors } from './document-view.ts';
import { project, tags } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

export const ingestDocument: Tool = defineTool({
  name: 'ingest_document',
  title: 'Ingest a document',
  description:
    'Stores a document: a file (path) or text (content). The same source again updates it in place.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    path: z.string().min(1).max(4096).optional(),
    content: z.string().min(1).max(8_000_000).optional(),
    source: z.string().min(1).max(4096).optional(),
    title: z.string().min(1).max(300).optional(),
    format: z.enum(DOCUMENT_FORMATS).optional(),
    tags,
    project,
  }),
  output: z.object({
    document_id: z.string(),
    outcome: z.enum(['added', 'updated', 'unchanged']),
    chunks: z.int(),
    ...vectorFields,
  }),
  run: async (input, { knowledge, resolveProject, signal, reportProgress }) => {
    const base = await knowledge.open();
    const { outcome, document, vectors } = await base.ingest(
      {
        project: resolveProject(input.project),
        title: input.title,
        tags: input.tags,
        format: input.format,
        content: contentOf(input),
      },
      { signal, onProgress: (done, total, message) => void reportProgress({ done, total, message }) },
    );
    return {
      summary: `${document.title} is ${document.id}, ${outcome}, with ${document.chunks} chunks.${noteVectors(vectors)}`,
      output: {
        document_id: document.id,
        outcome,
        chunks: document.chunks,
        ...viewVectors(vectors),
      },
    };
  },
});

function contentOf({
  path,
  content,
  source,
}: {
  readonly path?: string | undefined;
  readonly content?: string | undefined;
  readonly source?: string | undefined;
}):
  | { readonly path: string; readonly source?: string | undefined }
  | { readonly text: string; readonly source: string | null } {
  if (path !== undefined && content === undefined) return { path, source };
  if (content !== undefined && path === undefined) return { text: content, source: source ?? null };
  throw new KnowledgeError(
    'INVALID_TOOL_ARGUMENTS',
    'The arguments of ingest_document are wrong: give either path or content.',
  );
}
