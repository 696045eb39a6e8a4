import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { databasePath } from '../support/database-path.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const servers = 3;
const documentsOfEach = 60;

test('several servers share one store: nothing is lost, nothing is there twice', async () => {
  const home = await temporaryFolder();
  const clients = await Promise.all(Array.from({ length: servers }, () => knowledgeClient({ home })));
  await Promise.all(
    clients.map(async ({ must }, server) => {
      const calls: Promise<unknown>[] = [];
      for (let index = 0; index < documentsOfEach; index += 1) {
        calls.push(
          must('ingest_document', {
            source: `own/${server}/${index}`,
            content: `Plover ${server} of nest ${index}.`,
          }),
          // All of them bring the same one, under one source, as they please.
          must('ingest_document', { source: `shared/${index % 5}`, content: `Shared swallow ${index % 5}.` }),
          must('log_action', { type: 'note', description: `${server}.${index}` }).catch(() => undefined),
        );
      }
      await Promise.all(calls);
    }),
  );
  for (const { client } of clients) await client.close();
  const database = new DatabaseSync(databasePath(home), { readOnly: true });
  try {
    const count = (sql: string): number =>
      Number(database.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.['n']);
    expect(count('documents')).toBe(servers * documentsOfEach + 5);
    expect(count('document_sources')).toBe(servers * documentsOfEach + 5);
    expect(count("chunk_index WHERE chunk_index MATCH 'plover'")).toBe(servers * documentsOfEach);
    expect(count("chunk_index WHERE chunk_index MATCH 'swallow'")).toBe(5);
    expect(count('chunks WHERE document_key NOT IN (SELECT document_key FROM documents)')).toBe(0);
    expect(database.prepare('SELECT sum(chunks) AS chunks FROM knowledge_projects').get()).toEqual({
      chunks: servers * documentsOfEach + 5,
    });
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  } finally {
    database.close();
  }
});
