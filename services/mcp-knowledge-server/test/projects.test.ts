import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConnectedClient, connectClient, type ToolAnswer } from './support/connect-client.ts';
import { runHttpServer } from './support/http-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** A repository with a worktree, as git lays them out. */
async function repository(): Promise<{ readonly main: string; readonly worktree: string }> {
  const folder = await realpath(await temporaryFolder());
  const main = join(folder, 'main');
  const worktree = join(folder, 'worktree');
  const own = join(main, '.git', 'worktrees', 'worktree');
  await mkdir(own, { recursive: true });
  await mkdir(join(worktree, 'src'), { recursive: true });
  await writeFile(join(own, 'commondir'), '../..\n');
  await writeFile(join(worktree, '.git'), `gitdir: ${own}\n`);
  return { main, worktree };
}

async function startIn(
  home: string,
  folder: string,
): Promise<ConnectedClient & { readonly project: unknown }> {
  const connected = await connectClient(home, { folder, args: ['--toolset', 'all'] });
  const { output } = await connected.call('start_session');
  return { ...connected, project: output['project'] };
}

describe('over stdio a project is the repository of the working directory', () => {
  test('the worktrees of one repository are one project: sessions and documents of one are found in the other', async () => {
    const home = await temporaryFolder();
    const { main, worktree } = await repository();
    const first = await startIn(home, join(worktree, 'src'));
    expect(first.project).toBe(main);
    await first.call('log_action', { type: 'edit', description: 'Done in the worktree' });
    await first.call('end_session', { next_steps: ['Go on'] });
    await first.call('ingest_document', { source: 'a', content: 'A wren sings.' });

    const second = await startIn(home, main);
    expect(second.project).toBe(main);
    const overview = await second.call('get_project_overview', { project: worktree });
    expect(overview.output).toMatchObject({ project: main, documents: 1, sessions_this_week: 2 });
    const found = await second.call('search_documents', { query: 'wren', mode: 'full_text' });
    expect(found.output['results']).toMatchObject([{ source: 'a' }]);
    for (const project of [main, worktree]) {
      const { output } = await second.call('list_sessions', { project });
      expect(output['sessions']).toHaveLength(2);
    }
  });

  test('MCP_PROJECT says what it is instead, as a name or as a folder', async () => {
    const { main, worktree } = await repository();
    for (const [given, project] of [
      ['shop', 'shop'],
      [worktree, main],
    ] as const) {
      const { call } = await connectClient(await temporaryFolder(), { env: { MCP_PROJECT: given } });
      expect((await call('start_session')).output).toMatchObject({ project });
    }
  });
});

type Call = (name: string, args?: Record<string, unknown>) => Promise<ToolAnswer>;

async function overHttp(
  env: Record<string, string>,
): Promise<{ readonly client: Client; readonly call: Call }> {
  const { url } = await runHttpServer(await temporaryFolder(), {
    args: ['--toolset', 'all'],
    env: { ENDWELL_EMBEDDINGS: 'off', ...env },
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(url));
  onTestFinished(() => client.close());
  return {
    client,
    call: async (name, args = {}) => {
      const {
        isError,
        content,
        structuredContent,
        _meta: meta,
      } = await client.callTool({ name, arguments: args });
      return {
        isError: isError === true,
        text: content[0]?.type === 'text' ? content[0].text : '',
        code: (meta?.['endwell/error'] as { code?: string } | undefined)?.code,
        output: (structuredContent ?? {}) as Record<string, unknown>,
      };
    },
  };
}

describe('over HTTP the working directory is that of the server, and says nothing about a client', () => {
  test('a call that needs a project and names none is refused, with what to do; others go on', async () => {
    const { client, call } = await overHttp({});
    for (const [tool, args] of [
      ['start_session', {}],
      ['resume_session', {}],
      ['get_project_overview', {}],
      ['ingest_document', { content: 'A wren sings.' }],
      ['search_documents', { query: 'wren' }],
      ['query_knowledge_graph', { query: 'wren' }],
      ['add_facts', { entities: [{ name: 'wren' }] }],
      ['forget_document', { source: 'a' }],
    ] as const) {
      const { code, text } = await call(tool, args);
      expect({ tool, code }).toEqual({ tool, code: 'NO_PROJECT' });
      expect(text).toContain('What to do: Pass project:');
    }
    await expect(client.getPrompt({ name: 'resume_work' })).rejects.toThrow('NO_PROJECT');
    expect((await call('list_sessions')).output['sessions']).toEqual([]);
    expect((await call('search_documents', { query: 'wren', all_projects: true })).isError).toBe(false);

    const { main, worktree } = await repository();
    expect((await call('start_session', { project: worktree })).output).toMatchObject({ project: main });
    expect((await call('start_session', { project: 'shop' })).output).toMatchObject({ project: 'shop' });
  });

  test('no file is read unless MCP_INGEST_ROOTS names its folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'notes.md'), 'A wren sings.');
    const given = { project: 'shop' };
    const closed = await overHttp({});
    for (const [tool, path] of [
      ['ingest_document', join(folder, 'notes.md')],
      ['ingest_document', 'package.json'],
      ['ingest_folder', '.'],
    ] as const) {
      const { code, text } = await closed.call(tool, { path, ...given });
      expect({ tool, path, code }).toEqual({ tool, path, code: 'PATH_NOT_ALLOWED' });
      expect(text).toContain('MCP_INGEST_ROOTS');
    }
    const text = await closed.call('ingest_document', { content: 'A wren sings.', ...given });
    expect(text.output).toMatchObject({ outcome: 'added' });

    const open = await overHttp({ MCP_INGEST_ROOTS: folder });
    expect((await open.call('ingest_folder', { path: '.', ...given })).output).toMatchObject({ added: 1 });
  });

  test('MCP_PROJECT makes it the server of one project', async () => {
    const { call } = await overHttp({ MCP_PROJECT: 'shop' });
    expect((await call('start_session')).output).toMatchObject({ project: 'shop' });
    expect((await call('get_project_overview')).output).toMatchObject({ project: 'shop' });
  });
});
