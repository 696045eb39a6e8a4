/**
 * A stand-in for a coding agent, run as a process of its own: it starts an MCP server over stdio by the
 * command it is given, opens a session, logs an action, prints `ready <session id>` and goes on until it is
 * told `end` on its standard input, or is killed.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [command = '', ...args] = process.argv.slice(2);
const client = new Client({ name: 'stand-in-agent', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({ command, args, env: process.env as Record<string, string>, stderr: 'inherit' }),
);

const started = await client.callTool({
  name: 'start_session',
  arguments: { project: 'end-to-end', agent: 'stand-in' },
});
const { session_id: sessionId } = started.structuredContent as { session_id: string };
await client.callTool({
  name: 'log_action',
  arguments: { type: 'edit', description: 'Changed a file', files_affected: ['src/index.ts'], success: true },
});
process.stdout.write(`ready ${sessionId}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'end') continue;
  await client.callTool({ name: 'end_session', arguments: {} });
  break;
}
await client.close();
