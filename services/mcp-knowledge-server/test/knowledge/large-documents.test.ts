import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { databasePath } from '../support/database-path.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { runServer } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Far more than one transaction takes. */
function longText(word: string, paragraphs: number): string {
  return Array.from(
    { length: paragraphs },
    (_, index) => `${word} ${index}. ${`The ${word} walks along the shore of pool ${index}. `.repeat(30)}`,
  ).join('\n\n');
}

function readStore(home: string): {
  readonly documents: number;
  readonly chunks: number;
  readonly counted: number;
} {
  const database = new DatabaseSync(databasePath(home), { readOnly: true });
  try {
    const count = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
    return {
      documents: count('SELECT count(*) FROM documents'),
      chunks: count('SELECT count(*) FROM chunks'),
      counted: count('SELECT sum(chunks) FROM knowledge_projects'),
    };
  } finally {
    database.close();
  }
}

test('a large document is replaced under its id and forgotten, and nothing of the old one stays', async () => {
  const { must, home, client } = await knowledgeClient();
  const first = await must('ingest_document', { source: 'large', content: longText('avocet', 300) });
  expect(first).toMatchObject({ outcome: 'added', chunks: 300 });
  const second = await must('ingest_document', {
    source: 'large',
    content: longText('godwit', 200),
    tags: ['waders'],
  });
  expect(second).toMatchObject({ outcome: 'updated', chunks: 200, document_id: first['document_id'] });
  expect((await must('search_documents', { query: 'avocet' }))['results']).toEqual([]);
  expect((await must('search_documents', { query: 'godwit' }))['results']).toHaveLength(1);
  expect(await must('get_document', { document_id: first['document_id'], max_characters: 9 })).toMatchObject({
    text: 'godwit 0.',
    tags: ['waders'],
  });
  // Forgetting waits for all that is hidden, the first version too.
  await must('ingest_document', { source: 'small', content: 'A stint.' });
  await must('forget_document', { source: 'large' });
  await client.close();
  expect(readStore(home)).toEqual({ documents: 1, chunks: 1, counted: 1 });
});

test('a server that is killed while a large document arrives leaves nothing that can be seen', async () => {
  const home = await temporaryFolder();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'large.txt'), longText('dotterel', 6000));
  const server = runServer(home, { env: { MCP_INGEST_ROOTS: folder, ENDWELL_EMBEDDINGS: 'off' } });
  await server.initialize();
  await server.callTool('ingest_document', { source: 'before', content: 'A ruff.' });
  server.send({
    id: 99,
    method: 'tools/call',
    params: { name: 'ingest_document', arguments: { path: 'large.txt' } },
  });
  await expect.poll(() => readStore(home).chunks, { timeout: 30_000, interval: 5 }).toBeGreaterThan(50);
  server.child.kill('SIGKILL');
  await server.ended();
  expect(readStore(home).chunks).toBeLessThan(6001);

  const { must } = await knowledgeClient({ home, folder });
  expect((await must('search_documents', { query: 'dotterel' }))['results']).toEqual([]);
  expect((await must('search_documents', { query: 'ruff' }))['results']).toHaveLength(1);
  // The same document can be given again at once, and is whole then.
  expect(await must('ingest_document', { path: 'large.txt' })).toMatchObject({
    outcome: 'added',
    chunks: 6000,
  });
});
