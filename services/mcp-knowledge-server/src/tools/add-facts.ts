import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { documentId, project } from './knowledge-arguments.ts';
import type { Tool } from './tool.ts';

const name = z.string().trim().min(1).max(200);

export const addFacts: Tool = defineTool({
  name: 'add_facts',
  title: 'Add facts to the knowledge graph',
  description:
    'Adds entities, and relations between them, all or none. A fact with a document_id lives as long as that document; a quote must be in it to the letter. Entities that a fact names are made.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    entities: z
      .array(z.object({ name, type: name.optional(), description: z.string().min(1).max(4000).optional() }))
      .max(200)
      .default([]),
    facts: z
      .array(
        z.object({
          subject: name,
          relation: name,
          object: name,
          document_id: documentId.optional(),
          quote: z.string().min(1).max(2000).optional().describe('Needs document_id.'),
        }),
      )
      .max(200)
      .default([]),
    project,
  }),
  output: z.object({
    entities_added: z.int(),
    facts_added: z.int(),
    facts_known: z.int().describe('Were there before.'),
  }),
  run: async ({ entities, facts, project: named }, { knowledge, resolveProject }) => {
    const base = await knowledge.open();
    const { entitiesAdded, factsAdded, factsKnown } = await base.addFacts({
      project: resolveProject(named),
      entities,
      facts: facts.map(({ document_id: document, ...fact }) => ({ ...fact, documentId: document })),
    });
    return {
      summary: `${entitiesAdded} entities and ${factsAdded} facts are new.`,
      output: { entities_added: entitiesAdded, facts_added: factsAdded, facts_known: factsKnown },
    };
  },
});
