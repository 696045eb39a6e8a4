import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { connectClient } from './support/connect-client.ts';
import { runHttpServer } from './support/http-server.ts';
import { pinnedTools } from './support/pinned-tools.ts';
import { type ProgramResult, runNodeProgram } from './support/run-program.ts';
import { serverCommand, serverEnvironment } from './support/server-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { callSamples } from './support/tool-call-samples.ts';

const inspector = join(
  fileURLToPath(new URL('..', import.meta.url)),
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

/** Runs the protocol's inspector; `target` says which server it is to use. */
function inspect(home: string, target: readonly string[], args: readonly string[]): Promise<ProgramResult> {
  return runNodeProgram(inspector, ['--cli', ...target, ...args], {
    ...serverEnvironment(home),
    MCP_INSPECTOR_SECRET_STORE: 'memory',
  });
}

/** A server of its own for each run, over stdio. */
async function overStdio(
  home: string,
  serverArgs: readonly string[],
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  const config = join(home, 'servers.json');
  const [command, ...args] = serverCommand;
  const server = { command, args: [...args, ...serverArgs], env: serverEnvironment(home, env) };
  await writeFile(config, JSON.stringify({ mcpServers: { knowledge: server } }));
  return ['--config', config, '--server', 'knowledge'];
}

interface ToolResult {
  readonly isError?: boolean;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly text: string }[];
  readonly _meta?: { readonly 'endwell/error'?: { readonly code: string } };
}

/** What it exits with when the tool has answered with an error. */
const toolErrorExit = 5;

async function callTool(
  home: string,
  target: readonly string[],
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<{ readonly code: number | null; readonly result: ToolResult }> {
  const pairs = Object.entries(args).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const given = ['--method', 'tools/call', '--tool-name', tool, ...(pairs.length > 0 ? ['--tool-arg'] : [])];
  const { code, stdout, stderr } = await inspect(home, target, [...given, ...pairs]);
  expect(stdout, `${tool}: ${stderr}`).toMatch(/^\{/);
  return { code, result: JSON.parse(stdout) as ToolResult };
}

/** Calls each tool with arguments that fit and with some that do not; returns which tools there were. */
async function callAll(
  home: string,
  target: readonly string[],
  folder: string,
  sessionId: string,
  isOffered: (tool: string) => boolean,
): Promise<readonly string[]> {
  const called: string[] = [];
  let documentId = '';
  for (const make of callSamples({ sessionId, folder, documentId: () => documentId })) {
    const { tool, valid, invalid, code: expected } = make();
    if (!isOffered(tool)) continue;
    called.push(tool);
    const refused = await callTool(home, target, tool, invalid);
    const { _meta: meta } = refused.result;
    expect({ tool, exit: refused.code, code: meta?.['endwell/error']?.code }).toEqual({
      tool,
      exit: toolErrorExit,
      code: expected,
    });
    expect(refused.result.content[0]?.text).toMatch(new RegExp(`^${expected}: .+\nWhat to do: .+`));
    const { code, result } = await callTool(home, target, tool, valid);
    expect({ tool, exit: code, text: code === 0 ? '' : result.content[0]?.text }).toEqual({
      tool,
      exit: 0,
      text: '',
    });
    expect(result.structuredContent).toBeDefined();
    if (tool === 'ingest_document') documentId = result.structuredContent?.['document_id'] as string;
  }
  return called;
}

async function folderWithNotes(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'notes.md'), '# Birds\n\nA wren sings.\n');
  return folder;
}

test("the protocol's inspector finds nothing to say about the schemas of any tool", async () => {
  const home = await temporaryFolder();
  const target = await overStdio(home, ['--toolset', 'all']);
  const { code, stdout, stderr } = await inspect(home, target, ['--method', 'tools/list', '--strict']);
  expect(code, stderr).toBe(0);
  expect(stderr.match(/^(Warning|Error): .*$/gm) ?? []).toEqual([]);
  const { tools } = JSON.parse(stdout) as { tools: { name: string }[] };
  expect(tools).toHaveLength(pinnedTools.length);
});

test('over stdio the inspector calls every tool of the core set, and is told what it does wrong', async () => {
  const home = await temporaryFolder();
  const folder = await folderWithNotes();
  const env = { MCP_INGEST_ROOTS: folder, ENDWELL_EMBEDDINGS: 'off' };
  const keeper = await connectClient(home, { env });
  const { tools } = await keeper.client.listTools();
  const core = tools.map(({ name }) => name);
  // Each run of the inspector is a client of its own, whose sessions end with it.
  const { output } = await keeper.call('start_session', { project: 'inspected' });
  const target = await overStdio(home, [], env);
  const called = await callAll(home, target, folder, output['session_id'] as string, (tool) =>
    core.includes(tool),
  );
  expect(called.toSorted()).toEqual(core.toSorted());
});

test('over HTTP the inspector calls every tool there is, and is told what it does wrong', async () => {
  const home = await temporaryFolder();
  const folder = await folderWithNotes();
  const { url } = await runHttpServer(home, {
    args: ['--toolset', 'all'],
    env: { MCP_INGEST_ROOTS: folder, ENDWELL_EMBEDDINGS: 'off' },
  });
  const target = [url.href, '--transport', 'http'];
  const started = await callTool(home, target, 'start_session', { project: 'inspected' });
  const sessionId = started.result.structuredContent?.['session_id'] as string;
  const called = await callAll(home, target, folder, sessionId, () => true);
  expect(called.toSorted()).toEqual(pinnedTools.map((tool) => (tool as { name: string }).name).toSorted());
});
