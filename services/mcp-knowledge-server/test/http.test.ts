import { request } from 'node:http';
import { createServer } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePath } from './support/database-path.ts';
import { runHttpServer } from './support/http-server.ts';
import { runServer } from './support/running-server.ts';
import { storedSessions } from './support/stored-sessions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A request with headers that `fetch` does not let one set. */
function post(url: URL, headers: Record<string, string>, body = '{}'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

type CallTool = (name: string, args: Record<string, unknown>) => Promise<Record<string, unknown>>;

async function secondGeneration(url: URL, mode: 'auto' | 'legacy'): Promise<CallTool> {
  const client = new Client({ name: 'second', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url));
  onTestFinished(() => client.close());
  return (name, args) => client.callTool({ name, arguments: args });
}

async function firstGeneration(url: URL): Promise<CallTool> {
  const client = new FirstClient({ name: 'first', version: '1' });
  await client.connect(new FirstHttpTransport(url));
  onTestFinished(() => client.close());
  return (name, args) => client.callTool({ name, arguments: args });
}

describe('over HTTP', () => {
  test.for([
    ['the second SDK, 2026-07-28', (url: URL) => secondGeneration(url, 'auto')],
    ['the second SDK, 2025-11-25', (url: URL) => secondGeneration(url, 'legacy')],
    ['the first SDK', firstGeneration],
  ] as const)('%s: the session_id argument carries the state, and nothing else does', async ([, connect]) => {
    const home = await temporaryFolder();
    const server = await runHttpServer(home);
    const call = await connect(server.url);
    const started = await call('start_session', { project: 'p', agent: 'a' });
    const { session_id: id } = started['structuredContent'] as { session_id: string };
    const lost = await call('log_action', { type: 'edit', description: 'To which?' });
    expect(lost).toMatchObject({ isError: true, _meta: { 'endwell/error': { code: 'NO_SESSION' } } });
    const logged = await call('log_action', { session_id: id, type: 'edit', description: 'Here' });
    expect(logged['structuredContent']).toMatchObject({ session_id: id, sequence: 1 });
    expect(await server.end()).toBe(0);
    // It belongs to nobody: it goes on when the server has ended.
    expect(await storedSessions(databasePath(home))).toMatchObject([
      { id, state: 'active', owner: null, entryCount: 1, ends: 0 },
    ]);
  });

  test('20 writes at once by two servers of one store: none lost, none twice', async () => {
    const home = await temporaryFolder();
    const servers = await Promise.all([runHttpServer(home), runHttpServer(home)]);
    const calls = await Promise.all(servers.map(({ url }) => secondGeneration(url, 'auto')));
    const started = await calls[0]!('start_session', { project: 'p' });
    const { session_id } = started['structuredContent'] as { session_id: string };
    const written = Array.from({ length: 20 }, (_, index) => `Write ${index}`);
    await Promise.all(
      written.map((description, index) =>
        calls[index % 2]!('log_action', { session_id, type: 'edit', description }),
      ),
    );
    const [session] = await storedSessions(databasePath(home));
    expect(session?.entries.map(({ text }) => text).toSorted()).toEqual(written.toSorted());
  });

  test("another site's page gets nothing: Host and Origin are looked at before the body", async () => {
    const { url } = await runHttpServer(await temporaryFolder());
    const refused = await Promise.all([
      post(url, { host: 'evil.example' }),
      post(url, { host: `evil.example:${url.port}` }),
      post(url, { origin: 'http://evil.example' }),
      post(url, { origin: 'null' }),
      post(url, { origin: `http://localhost.evil.example:${url.port}` }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const served = await Promise.all([
      post(url, {}, initialize),
      post(url, { host: `localhost:${url.port}` }, initialize),
      post(url, { origin: `http://127.0.0.1:${url.port}` }, initialize),
    ]);
    expect(served.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('with a token set, nobody is served without it', async () => {
    const token = 'a-token-for-the-test-only';
    const { url } = await runHttpServer(await temporaryFolder(), { env: { MCP_HTTP_TOKEN: token } });
    const none = await post(url, {}, initialize);
    expect(none).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(none.body).not.toContain(token);
    expect((await post(url, { authorization: `Bearer ${token}x` }, initialize)).status).toBe(401);
    expect((await post(url, { authorization: `Basic ${token}` }, initialize)).status).toBe(401);
    expect((await post(url, { authorization: `Bearer ${token}` }, initialize)).status).toBe(200);
  });

  test('bodies are bounded, and what is no JSON-RPC is said to be none', async () => {
    const { url } = await runHttpServer(await temporaryFolder());
    const large = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'ping',
      params: { x: 'x'.repeat(5_000_000) },
    });
    expect((await post(url, {}, large)).status).toBe(413);
    const garbage = await post(url, {}, 'no JSON');
    expect(garbage.status).toBe(400);
    expect(JSON.parse(garbage.body)).toMatchObject({ error: { code: -32_700 } });
    expect((await post(new URL('/elsewhere', url), {}, initialize)).status).toBe(404);
    expect((await post(url, {}, initialize)).status).toBe(200);
  });
});

describe('what cannot be listened on is one sentence and exit code 2', () => {
  test('an address that others reach, without a token', async () => {
    const server = runServer(await temporaryFolder(), {
      args: ['--http', '--host', '0.0.0.0', '--port', '0'],
    });
    const { code, stdout, stderr } = await server.ended();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mcp-knowledge-server: TOKEN_REQUIRED: .*MCP_HTTP_TOKEN.*\n$/);
  });

  test('the same with a token listens, and a short token is refused without being shown', async () => {
    const home = await temporaryFolder();
    const args = ['--host', '0.0.0.0', '--token', 'long-enough-for-a-token'];
    const { url } = await runHttpServer(home, { args });
    const local = new URL(`http://127.0.0.1:${url.port}/mcp`);
    expect((await post(local, { host: 'server.example' }, initialize)).status).toBe(401);
    const short = await runServer(home, { args: ['--http', '--token', 'sesame'] }).ended();
    expect(short.code).toBe(2);
    expect(short.stderr).toContain('--token');
    expect(short.stderr).not.toContain('sesame');
  });

  test('a port that somebody else has', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => void taken.close(() => resolve())));
    const { port } = taken.address() as { port: number };
    const server = runServer(await temporaryFolder(), { args: ['--http', '--port', String(port)] });
    const { code, stderr } = await server.ended();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mcp-knowledge-server: LISTEN_FAILED: .*MCP_HTTP_PORT.*\n$/);
  });
});
