import { expect, test } from 'vitest';
import { knowledgeClient } from '../support/knowledge-client.ts';

test('a graph is asked by words, name, type and depth, and names the passages', async () => {
  const { must } = await knowledgeClient();
  const { document_id: id } = await must('ingest_document', {
    source: 'team.md',
    title: 'Team',
    content: 'Ada wrote the parser.\nThe parser\n  feeds the planner.',
  });
  expect(
    await must('add_facts', {
      entities: [
        { name: 'Ada', type: 'person', description: 'Keeper of the grammar' },
        { name: 'parser', type: 'part' },
        { name: 'planner', type: 'part' },
        { name: 'engine', type: 'part' },
      ],
      facts: [
        {
          subject: 'Ada',
          relation: 'wrote',
          object: 'parser',
          document_id: id,
          quote: 'Ada wrote the parser.',
        },
        {
          subject: 'Parser',
          relation: 'feeds',
          object: 'planner',
          document_id: id,
          quote: 'The parser feeds the planner',
        },
        { subject: 'planner', relation: 'drives', object: 'engine' },
      ],
    }),
  ).toEqual({ entities_added: 4, facts_added: 3, facts_known: 0 });
  const names = async (args: Record<string, unknown>): Promise<unknown[]> =>
    ((await must('query_knowledge_graph', args))['entities'] as { name: string }[]).map(({ name }) => name);
  expect(await names({ query: 'grammar', depth: 0 })).toEqual(['Ada']);
  expect(await names({ query: 'grammar' })).toEqual(['Ada', 'parser']);
  expect(await names({ entity: 'ADA', depth: 2 })).toEqual(['Ada', 'parser', 'planner']);
  expect(await names({ entity: 'ada', depth: 4 })).toEqual(['Ada', 'parser', 'planner', 'engine']);
  expect(await names({ entity_types: ['part'], depth: 0 })).toEqual(['parser', 'planner', 'engine']);
  expect(await names({ query: 'nobody' })).toEqual([]);
  expect(await names({ entity: 'Ada', project: 'other' })).toEqual([]);
  expect(await must('query_knowledge_graph', { entity: 'Ada' })).toMatchObject({
    relations: [
      {
        subject: 'Ada',
        relation: 'wrote',
        object: 'parser',
        passages: [{ document_id: id, title: 'Team', quote: 'Ada wrote the parser.' }],
      },
    ],
    truncated: false,
  });
  expect(await must('query_knowledge_graph', { entity_types: ['part'], limit: 1, depth: 0 })).toMatchObject({
    truncated: true,
  });

  // What was stated without a document stays; what only the document supported goes with it.
  await must('forget_document', { document_id: id });
  expect(await names({ entity: 'Ada' })).toEqual(['Ada']);
  expect(await names({ entity: 'planner' })).toEqual(['planner', 'engine']);
});

test('facts are added all or none, and the same fact once', async () => {
  const { must, call } = await knowledgeClient();
  const { document_id: id } = await must('ingest_document', {
    source: 's',
    content: 'The bee visits the clover.',
  });
  const fact = { subject: 'bee', relation: 'visits', object: 'clover' };
  const wrong = await call('add_facts', {
    facts: [fact, { ...fact, object: 'rose', document_id: id, quote: 'The bee visits the rose' }],
  });
  expect(wrong).toMatchObject({ isError: true, code: 'QUOTE_NOT_FOUND' });
  expect((await call('add_facts', { facts: [fact, { ...fact, document_id: 'doc_none' }] })).code).toBe(
    'DOCUMENT_NOT_FOUND',
  );
  expect(await must('query_knowledge_graph', {})).toMatchObject({ entities: [], relations: [] });

  expect(await must('add_facts', { facts: [fact] })).toEqual({
    entities_added: 2,
    facts_added: 1,
    facts_known: 0,
  });
  expect(await must('add_facts', { facts: [{ ...fact, document_id: id }] })).toEqual({
    entities_added: 0,
    facts_added: 0,
    facts_known: 1,
  });
});
