import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isolatedEnvironment, programs } from './support/repository.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('the MCP server that init writes into the settings starts as it is written there', async () => {
  const home = await temporaryFolder();
  const env = isolatedEnvironment(home);
  await mkdir(join(home, '.claude'));
  const diary = async (...args: string[]): Promise<void> => {
    await promisify(execFile)(programs.node, [programs.diary, ...args], { env });
  };
  await diary('init', '--yes', '--no-import');
  const { mcpServers } = JSON.parse(await readFile(join(home, '.claude.json'), 'utf8')) as {
    mcpServers: Record<string, { command: string; args: string[] }>;
  };
  const { command = '', args = [] } = mcpServers['endwell'] ?? {};
  expect(command).toMatch(/\/proc-guard(?:-native)?$/);
  expect(args).toEqual(['run', '--', expect.stringMatching(/\/node$/), programs.knowledgeServer]);

  // Agents start servers without the shell's environment.
  const child = spawn(command, args, { env: { HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] });
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'stand-in', version: '1' },
  };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  expect(answer.toString()).toContain('"serverInfo"');
  child.stdin.end();
  await once(child, 'exit');

  await diary('uninstall', '--yes');
  expect(await readdir(join(home, '.claude'))).toEqual([]);
  expect(await readdir(home)).not.toContain('.claude.json');
});
