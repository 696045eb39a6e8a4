import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { databasePath } from '../support/database-path.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { makePdf } from '../support/make-pdf.ts';

const byName = (a: string, b: string): number => (a < b ? -1 : 1);

type Results = readonly Record<string, unknown>[];

describe('a document', () => {
  test('is stored once per content, and updated in place under its source', async () => {
    const { must } = await knowledgeClient();
    const first = await must('ingest_document', {
      source: 'notes/one',
      title: 'Note',
      content: 'Old words.',
      tags: ['a'],
    });
    expect(first).toMatchObject({ outcome: 'added', chunks: 1, embeddings: 'off' });
    const again = await must('ingest_document', {
      source: 'notes/one',
      title: 'Note',
      content: 'Old words.',
      tags: ['b'],
    });
    expect(again).toMatchObject({ outcome: 'unchanged', document_id: first['document_id'] });
    const copy = await must('ingest_document', { source: 'notes/two', title: 'Note', content: 'Old words.' });
    expect(copy).toMatchObject({ outcome: 'unchanged', document_id: first['document_id'] });

    // The other source still has the old content: both stay, as two documents.
    const changed = await must('ingest_document', {
      source: 'notes/two',
      title: 'Note',
      content: 'New words.',
    });
    expect(changed).toMatchObject({ outcome: 'added' });
    const updated = await must('ingest_document', {
      source: 'notes/two',
      title: 'Note',
      content: 'Newer words.',
    });
    expect(updated).toMatchObject({ outcome: 'updated', document_id: changed['document_id'] });
    expect((await must('search_documents', { query: 'old' }))['results']).toMatchObject([
      { document_id: first['document_id'], source: 'notes/one' },
    ]);
    expect(await must('get_document', { document_id: first['document_id'] })).toMatchObject({
      tags: ['a', 'b'],
    });
    expect((await must('search_documents', { query: 'newer' }))['results']).toMatchObject([
      { document_id: changed['document_id'], source: 'notes/two' },
    ]);
    // What a source has come to share with another document is not kept twice.
    const joined = await must('ingest_document', {
      source: 'notes/two',
      title: 'Note',
      content: 'Old words.',
    });
    expect(joined).toMatchObject({ outcome: 'unchanged', document_id: first['document_id'] });
    expect((await must('search_documents', { query: 'newer' }))['results']).toEqual([]);
  });

  test('of each format is found by its words, and read back a part at a time', async () => {
    const { must, folder } = await knowledgeClient();
    const files: Record<string, string | Uint8Array> = {
      'guide.md': '# Guide\n\nThe walrus is in the Markdown.\n',
      'plain.txt': 'The walrus is in the text.',
      'page.html': '<title>Page</title><h1>Zoo</h1><p>The walrus is in the <b>HTML</b>.</p>',
      'code.ts': 'export const walrus = "source";\n',
      'paper.pdf': makePdf(['The walrus is on page one.', 'The otter is on page two.'], 'Paper'),
      'latin.md': new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('A walrus with a mark.')]),
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      await must('ingest_document', { path: name });
    }
    const { results } = await must('search_documents', { query: 'walrus' });
    expect((results as Results).map(({ title }) => String(title)).toSorted(byName)).toEqual([
      'Guide',
      'Page',
      'Paper',
      'code.ts',
      'latin.md',
      'plain.txt',
    ]);
    const found = (await must('search_documents', { query: 'otter' }))['results'] as Results;
    expect(found).toMatchObject([{ title: 'Paper', heading: 'page 1' }]);
    const { text, next_start: next } = await must('get_document', {
      document_id: found[0]?.['document_id'],
      max_characters: 10,
    });
    expect([text, next]).toEqual(['The walrus', 10]);
    const rest = await must('get_document', { document_id: found[0]?.['document_id'], start: 10 });
    expect(rest).toMatchObject({ format: 'pdf', next_start: null });
    expect(rest['text']).toContain('The otter is on page two.');
  });

  test('is forgotten with all that was made of it, down to the bytes', async () => {
    const { must, call, client, home } = await knowledgeClient({ embeddings: 'local' });
    const kept = await must('ingest_document', { source: 'kept', content: 'The heron stays by the river.' });
    const secret = 'The xylophonist Quargle plays in the cellar of number seventeen.';
    const { document_id: id } = await must('ingest_document', { source: 'secret', content: secret });
    await must('add_facts', {
      facts: [
        {
          subject: 'Quargle',
          relation: 'plays',
          object: 'xylophone',
          document_id: id,
          quote: 'xylophonist Quargle',
        },
        { subject: 'Heron', relation: 'hears', object: 'Quargle', document_id: kept['document_id'] },
      ],
    });
    expect(await must('forget_document', { document_id: id })).toMatchObject({
      chunks: 1,
      facts: 1,
      entities: 1,
    });
    expect((await call('get_document', { document_id: id })).code).toBe('DOCUMENT_NOT_FOUND');
    expect((await call('forget_document', { source: 'secret' })).code).toBe('DOCUMENT_NOT_FOUND');
    const { results, mode } = await must('search_documents', { query: 'Who is the xylophonist?' });
    expect(mode).toBe('hybrid');
    expect(results).toMatchObject([{ source: 'kept' }]);
    expect(await must('query_knowledge_graph', { query: 'xylophone' })).toMatchObject({ entities: [] });
    expect(await must('query_knowledge_graph', { entity: 'heron' })).toMatchObject({
      relations: [{ subject: 'Heron', relation: 'hears', object: 'Quargle' }],
    });

    await client.close();
    const data = dirname(databasePath(home));
    for (const name of await readdir(data)) {
      const bytes = await readFile(join(data, name), 'latin1');
      for (const word of ['xylophon', 'cellar', 'seventeen']) expect(bytes.includes(word), name).toBe(false);
    }
  });

  test('is found again by the filters: project, tags, time and score', async () => {
    const { must } = await knowledgeClient();
    const put = (source: string, project: string, tags: readonly string[]): Promise<unknown> =>
      must('ingest_document', { source, project, tags, content: `The badger of ${source}.` });
    await put('one', 'north', ['a']);
    await put('two', 'north', ['a', 'b']);
    await put('three', 'south', ['b']);
    const sources = async (args: Record<string, unknown>): Promise<string[]> =>
      ((await must('search_documents', { query: 'badger', ...args }))['results'] as Results).map(
        ({ source }) => String(source),
      );
    expect(await sources({})).toEqual([]);
    expect((await sources({ project: 'north' })).toSorted(byName)).toEqual(['one', 'two']);
    expect((await sources({ all_projects: true })).toSorted(byName)).toEqual(['one', 'three', 'two']);
    expect(await sources({ project: 'north', tags: ['a', 'b'] })).toEqual(['two']);
    expect((await sources({ all_projects: true, tags: ['b'] })).toSorted(byName)).toEqual(['three', 'two']);
    expect(await sources({ all_projects: true, from: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await sources({ all_projects: true, to: '2100-01-01T00:00:00Z', limit: 1 })).toHaveLength(1);
    expect(await sources({ project: 'north', minimum_score: 1 })).toHaveLength(1);
    expect(await sources({ project: 'west' })).toEqual([]);
  });

  test('answers page by page, and a cursor goes with its question', async () => {
    const { must, call } = await knowledgeClient();
    for (let index = 0; index < 7; index += 1) {
      await must('ingest_document', { source: `s${index}`, content: `Marmot number ${index}.` });
    }
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const answer = await must('search_documents', {
        query: 'marmot',
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...(answer['results'] as Results).map(({ source }) => String(source)));
      cursor = answer['next_cursor'] ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted(byName)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
    const { next_cursor: other } = await must('search_documents', { query: 'marmot', limit: 3 });
    expect((await call('search_documents', { query: 'number', cursor: other })).code).toBe('INVALID_CURSOR');
    expect((await call('search_documents', { query: 'marmot', cursor: 'x' })).code).toBe('INVALID_CURSOR');
  });

  test('of many passages shows one, or as many as asked for; an answer stays small', async () => {
    const { must, call } = await knowledgeClient();
    const content = Array.from(
      { length: 80 },
      (_, index) => `# Part ${index}\n\n${'The lemming runs. '.repeat(60)}\n`,
    ).join('\n');
    await must('ingest_document', { source: 'long.md', content, format: 'markdown' });
    expect((await must('search_documents', { query: 'lemming' }))['results']).toHaveLength(1);
    const answer = await call('search_documents', { query: 'lemming', per_document: 20, limit: 50 });
    expect(answer.output['results']).toHaveLength(20);
    expect(JSON.stringify(answer).length).toBeLessThan(60_000);
    const whole = await call('search_documents', {
      query: 'lemming',
      per_document: 20,
      whole_passages: true,
      limit: 50,
    });
    expect(JSON.stringify(whole).length).toBeLessThan(100_000);
    const [passage] = (await must('search_documents', { query: 'lemming', whole_passages: true }))[
      'results'
    ] as Results;
    expect(passage?.['text']).toMatch(/^# Part \d+\n\n(The lemming runs\. )+/);
  });
});

test('similar documents are found by vectors, and by shared words where there are none', async () => {
  const texts = {
    boats: 'The fisherman rows his boat across the lake at dawn and casts his net for trout.',
    ships: 'Sailors steer a ship over the sea and pull fish from the water with nets at sunrise.',
    taxes: 'The revenue office demands quarterly statements of value added tax from companies.',
  };
  for (const embeddings of ['local', 'off']) {
    const { must, call } = await knowledgeClient({ embeddings });
    const ids: Record<string, unknown> = {};
    for (const [source, content] of Object.entries(texts)) {
      ids[source] = (await must('ingest_document', { source, content }))['document_id'];
    }
    const answer = await must('find_similar_documents', {
      document_id: ids['boats'],
      threshold: 0,
      include_content: true,
    });
    expect(answer['mode']).toBe(embeddings === 'local' ? 'vectors' : 'full_text');
    const results = answer['results'] as Results;
    expect(results[0]).toMatchObject({ source: 'ships', content: texts.ships });
    const bare = await must('find_similar_documents', { document_id: ids['boats'], threshold: 0.99 });
    expect(bare['results']).toEqual([]);
    expect((await call('find_similar_documents', { document_id: 'doc_none' })).code).toBe(
      'DOCUMENT_NOT_FOUND',
    );
  }
});
