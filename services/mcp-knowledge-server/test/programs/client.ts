/**
 * An MCP client as a process of its own, so that a test can kill it: starts the server by the
 * command it is given, opens a session, prints `{serverPid, sessionId}` and stays.
 */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [command = '', ...args] = process.argv.slice(2);
const transport = new StdioClientTransport({
  command,
  args,
  env: process.env as Record<string, string>,
  stderr: 'inherit',
});
const client = new Client({ name: 'killed-client', version: '1.0.0' });
await client.connect(transport);
const { structuredContent } = await client.callTool({ name: 'start_session', arguments: {} });
const { session_id: sessionId } = structuredContent as { session_id: string };
process.stdout.write(`${JSON.stringify({ serverPid: transport.pid, sessionId })}\n`);
