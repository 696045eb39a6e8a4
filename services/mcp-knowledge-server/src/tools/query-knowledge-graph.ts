import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { project } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

export const queryKnowledgeGraph: Tool = defineTool({
  name: 'query_knowledge_graph',
  title: 'Question the knowledge graph',
  description:
    'Finds entities by words, exact name or type, what they have to do with others up to depth relations away, and the passages that say so.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    query: z.string().min(1).max(2000).optional().describe('Words of names and descriptions.'),
    entity: z.string().min(1).max(200).optional().describe('The name of one.'),
    entity_types: z.array(z.string().min(1).max(200)).max(50).default([]),
    depth: z.int().min(0).max(4).default(1),
    limit: z.int().min(1).max(100).default(30),
    project,
  }),
  output: z.object({
    entities: z.array(
      z.object({
        name: z.string(),
        type: z.string().nullable(),
        description: z.string().nullable(),
        distance: z.int().describe('Relations away.'),
      }),
    ),
    relations: z.array(
      z.object({
        subject: z.string(),
        relation: z.string(),
        object: z.string(),
        passages: z.array(
          z.object({ document_id: z.string(), title: z.string(), quote: z.string().nullable() }),
        ),
      }),
    ),
    truncated: z.boolean().describe('There is more: ask more narrowly.'),
  }),
  run: async (input, { knowledge, resolveProject }) => {
    const base = await knowledge.open();
    const { entities, relations, truncated } = await base.queryGraph({
      project: resolveProject(input.project),
      query: input.query,
      entity: input.entity,
      entityTypes: input.entity_types,
      depth: input.depth,
      limit: input.limit,
    });
    return {
      summary: `${entities.length} entities and ${relations.length} relations.`,
      output: {
        entities: entities.map((entity) => ({ ...entity })),
        relations: relations.map(({ passages, ...relation }) => ({
          ...relation,
          passages: passages.map(({ documentId, title, quote }) => ({
            document_id: documentId,
            title,
            quote,
          })),
        })),
        truncated,
      },
    };
  },
});
