import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { databasePath } from '../support/database-path.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { runServer } from '../support/running-server.ts';
import { storedSessions } from '../support/stored-sessions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const files = 40;

/** A folder that takes the local model a while. */
async function longFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'docs'));
  for (let index = 0; index < files; index += 1) {
    const text = `The dunlin number ${index} feeds along the shore of the bay. `.repeat(60);
    await writeFile(join(folder, 'docs', `${String(index).padStart(3, '0')}.txt`), text);
  }
  return folder;
}

/** Every document that is there is whole. */
function expectWhole(home: string): number {
  const database = new DatabaseSync(databasePath(home), { readOnly: true });
  try {
    const rows = database
      .prepare(
        `SELECT characters, (SELECT sum(length(text)) FROM chunks WHERE chunks.document_key = documents.document_key) AS stored
         FROM documents`,
      )
      .all();
    for (const { characters, stored } of rows) expect(stored).toBe(characters);
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    return rows.length;
  } finally {
    database.close();
  }
}

test('a long ingestion tells how far it is, and a cancelled one keeps what is done', async () => {
  const { client, must, home } = await knowledgeClient({ embeddings: 'local', folder: await longFolder() });
  const cancel = new AbortController();
  const seen: number[] = [];
  const call = client.callTool(
    { name: 'ingest_folder', arguments: { path: 'docs' } },
    {
      signal: cancel.signal,
      timeout: 600_000,
      onprogress: ({ progress, total }) => {
        seen.push(progress);
        expect(total).toBe(files);
        if (progress >= 3) cancel.abort(new Error('enough'));
      },
    },
  );
  await expect(call).rejects.toThrow('enough');
  expect(seen.slice(0, 4)).toEqual([0, 1, 2, 3]);

  // The server is as good as before, and the rest can be taken up.
  await must('search_documents', { query: 'dunlin' });
  const before = expectWhole(home);
  expect(before).toBeGreaterThanOrEqual(3);
  expect(before).toBeLessThan(files);
  const rest = await must('ingest_folder', { path: 'docs', max_files: before + 1 });
  expect(rest).toMatchObject({ added: 1, unchanged: before });
});

test('the end of the client ends an ingestion in flight: nothing is half-stored', async () => {
  const home = await temporaryFolder();
  const server = runServer(home, {
    env: { MCP_TOOLSET: 'all', MCP_INGEST_ROOTS: await longFolder(), ENDWELL_EMBEDDINGS: 'local' },
  });
  await server.initialize();
  await server.callTool('start_session');
  await server.callTool('ingest_document', { path: 'docs/000.txt' });
  server.send({
    id: 99,
    method: 'tools/call',
    params: { name: 'ingest_folder', arguments: { path: 'docs' } },
  });
  // One more call goes through, so that the folder is under way.
  await server.callTool('search_documents', { query: 'dunlin' });
  server.child.stdin?.end();
  expect(await server.ended()).toMatchObject({ code: 0 });
  const whole = expectWhole(home);
  expect(whole).toBeGreaterThanOrEqual(1);
  expect(whole).toBeLessThan(files);
  expect(await storedSessions(databasePath(home))).toMatchObject([
    { endReason: 'client_disconnected', ends: 1 },
  ]);
});
