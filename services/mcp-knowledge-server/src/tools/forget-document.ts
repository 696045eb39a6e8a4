import { z } from 'zod';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { ForgetTarget } from '../knowledge/knowledge.ts';
import type { ResolveProject } from '../sessions/resolve-project.ts';
import { defineTool } from './define-tool.ts';
import { documentId, project } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

export const forgetDocument: Tool = defineTool({
  name: 'forget_document',
  title: 'Forget a document',
  description:
    'Removes a document for good, with all that was made of it: its passages, vectors, and the facts that it alone supports. By document_id, or by source.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.object({
    document_id: documentId.optional(),
    source: z.string().min(1).max(4096).optional(),
    project,
  }),
  output: z.object({
    document_id: z.string(),
    title: z.string(),
    chunks: z.int(),
    facts: z.int(),
    entities: z.int(),
  }),
  run: async (input, { knowledge, resolveProject }) => {
    const target = targetOf(input, resolveProject);
    const base = await knowledge.open();
    const { document, chunks, relations, entities } = await base.forget(target);
    return {
      summary: `${document.title} is forgotten.`,
      output: { document_id: document.id, title: document.title, chunks, facts: relations, entities },
    };
  },
});

function targetOf(
  input: {
    readonly document_id?: string | undefined;
    readonly source?: string | undefined;
    readonly project?: string | undefined;
  },
  resolveProject: ResolveProject,
): ForgetTarget {
  const { document_id: id, source } = input;
  if (id !== undefined && source === undefined) return { documentId: id };
  if (source !== undefined && id === undefined) return { source, project: resolveProject(input.project) };
  throw new KnowledgeError(
    'INVALID_TOOL_ARGUMENTS',
    'The arguments of forget_document are wrong: give either document_id or source.',
  );
}
