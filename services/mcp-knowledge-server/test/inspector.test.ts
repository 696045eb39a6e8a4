import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pinnedTools } from './support/pinned-tools.ts';
import { runNodeProgram } from './support/run-program.ts';
import { serverCommand, serverEnvironment } from './support/server-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const inspector = join(
  fileURLToPath(new URL('..', import.meta.url)),
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

test("the protocol's inspector finds nothing to say about the schemas of any tool", async () => {
  const home = await temporaryFolder();
  const config = join(home, 'servers.json');
  const [command, ...args] = serverCommand;
  const env = serverEnvironment(home);
  const server = { command, args: [...args, '--toolset', 'all'], env };
  await writeFile(config, JSON.stringify({ mcpServers: { knowledge: server } }));
  const { code, stdout, stderr } = await runNodeProgram(
    inspector,
    ['--cli', '--config', config, '--server', 'knowledge', '--method', 'tools/list', '--strict'],
    { ...env, MCP_INSPECTOR_SECRET_STORE: 'memory' },
  );
  expect(code, stderr).toBe(0);
  expect(stderr.match(/^(Warning|Error): .*$/gm) ?? []).toEqual([]);
  const { tools } = JSON.parse(stdout) as { tools: { name: string }[] };
  expect(tools).toHaveLength(pinnedTools.length);
});
