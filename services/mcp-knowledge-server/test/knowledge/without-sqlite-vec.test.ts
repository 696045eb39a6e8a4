import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { databasePath } from '../support/database-path.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { programWithoutSqliteVec } from '../support/program-without-sqlite-vec.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.each(['missing', 'of another machine'] as const)('the build of sqlite-vec is %s', (build) => {
  test('a store without vectors is used by its words, and the answers say why', async () => {
    const command = await programWithoutSqliteVec(build);
    const { must } = await knowledgeClient({ command, embeddings: 'local' });
    const stored = await must('ingest_document', { source: 'a', content: 'A wren sings.' });
    expect(stored).toMatchObject({ outcome: 'added', embeddings: 'off' });
    const found = await must('search_documents', { query: 'wren' });
    expect(found).toMatchObject({ mode: 'full_text', embeddings: 'off', results: [{ source: 'a' }] });
    expect(found['embeddings_problem']).toContain(
      `sqlite-vec has no build for ${process.platform}-${process.arch}`,
    );
  });

  test('a store with vectors is left alone, since they could not be forgotten', async () => {
    const home = await temporaryFolder();
    const before = await knowledgeClient({ home, embeddings: 'local' });
    await before.must('ingest_document', { source: 'a', content: 'A wren sings.' });
    await before.client.close();
    const untouched = await readFile(databasePath(home));

    const command = await programWithoutSqliteVec(build);
    const { call, client } = await knowledgeClient({ home, command, embeddings: 'local' });
    for (const [tool, args] of [
      ['search_documents', { query: 'wren' }],
      ['ingest_document', { source: 'b', content: 'A lark sings.' }],
      ['forget_document', { source: 'a' }],
    ] as const) {
      const { isError, code, text } = await call(tool, args);
      expect({ tool, isError, code }).toEqual({ tool, isError: true, code: 'VECTORS_UNAVAILABLE' });
      expect(text).toContain('What to do: Tell the user: use the store on a platform');
    }
    expect((await readFile(databasePath(home))).equals(untouched)).toBe(true);
    // The journal needs no vectors.
    expect(await call('start_session')).toMatchObject({ isError: false });
    expect(await call('log_action', { type: 'edit', description: 'Something' })).toMatchObject({
      isError: false,
    });
    await client.close();

    const after = await knowledgeClient({ home, embeddings: 'local' });
    expect(await after.must('search_documents', { query: 'wren' })).toMatchObject({
      mode: 'hybrid',
      results: [{ source: 'a' }],
    });
  });
});
