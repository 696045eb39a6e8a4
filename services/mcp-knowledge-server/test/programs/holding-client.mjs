/**
 * A client as a process of its own, made to be killed: starts a server by the command it is given, opens a
 * session, sends what MESSAGES says without waiting, prints the session's id, and then does what it is told
 * on stdin: `close` closes the server's input.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
let lastId = 0;
const waiting = new Map();
createInterface({ input: server.stdout }).on('line', (line) => {
  const { id, result } = JSON.parse(line);
  waiting.get(id)?.(result);
});
const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const request = (method, params) => {
  const id = (lastId += 1);
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
};
await request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'holding-client', version: '1.0.0' },
});
send({ method: 'notifications/initialized' });
const started = await request('tools/call', { name: 'start_session', arguments: { project: 'held' } });
for (const call of JSON.parse(process.env['MESSAGES'] ?? '[]')) void request('tools/call', call);
process.stdout.write(`${started.structuredContent.session_id}\n`);
createInterface({ input: process.stdin }).on('line', () => server.stdin.end());
// However the server ends, this process stays until it is ended: its own end is the test's to see.
server.on('error', () => undefined);
server.stdin.on('error', () => undefined);
setInterval(() => undefined, 60_000);
