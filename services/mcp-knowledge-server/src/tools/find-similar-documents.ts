import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { documentFields, noteVectors, vectorFields, viewDocument, viewVectors } from './document-view.ts';
import { documentId, filters, toFilter } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

/** What all documents of an answer may have of text together. */
const textBudget = 20_000;

export const findSimilarDocuments: Tool = defineTool({
  name: 'find_similar_documents',
  title: 'Find similar documents',
  description:
    'Finds the documents that are most like one, by their vectors; by the words that they share where there are no vectors.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    document_id: documentId,
    threshold: z.number().min(0).max(1).default(0.5).describe('The least similarity.'),
    limit: z.int().min(1).max(20).default(5),
    include_content: z.boolean().default(false).describe('With the beginning of each text.'),
    ...filters,
  }),
  output: z.object({
    results: z.array(z.object({ ...documentFields, similarity: z.number(), content: z.string().optional() })),
    mode: z.enum(['vectors', 'full_text']),
    ...vectorFields,
  }),
  run: async (input, { knowledge, resolveProject, signal }) => {
    const base = await knowledge.open();
    const { documents, mode, vectors } = await base.findSimilar(
      {
        ...toFilter(input, resolveProject),
        documentId: input.document_id,
        threshold: input.threshold,
        limit: input.limit,
      },
      { signal },
    );
    const maxCharacters = Math.floor(textBudget / Math.max(1, documents.length));
    const results = await Promise.all(
      documents.map(async ({ document, similarity }) => {
        const view = { ...viewDocument(document), similarity };
        if (!input.include_content) return view;
        const read = await base.readDocument(document.id, { from: 0, maxCharacters });
        return { ...view, content: read?.text ?? '' };
      }),
    );
    return {
      summary: `${results.length} documents (${mode}).${noteVectors(vectors)}`,
      output: { results, mode, ...viewVectors(vectors) },
    };
  },
});
