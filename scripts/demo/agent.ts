/**
 * One stand-in agent, as a process: starts an MCP server and a shell, opens a session, logs
 * actions, and goes on until it reads `end` or is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { FleetPlan } from './fleet-event.ts';
import { writeJsonLine } from './lines.ts';

const plan = JSON.parse(process.argv[2] ?? '{}') as Pick<FleetPlan, 'server' | 'shell'>;

/** A dev server as an agent's shell leaves it behind. Should all else fail, it ends by itself. */
const backgroundChild = `(trap '' TERM HUP INT; exec sleep 120 </dev/null >/dev/null 2>&1) & echo $!; read line`;

const [shellProgram = '', ...shellArgs] = plan.shell;
const shell = spawn(shellProgram, [...shellArgs, backgroundChild], { stdio: ['pipe', 'pipe', 'ignore'] });
const backgroundStarted = once(shell.stdout, 'data');

const [command = '', ...args] = plan.server;
const client = new Client({ name: 'stand-in-agent', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({
    command,
    args,
    env: process.env as Record<string, string>,
    stderr: 'inherit',
  }),
);
const started = await client.callTool({
  name: 'start_session',
  arguments: { project: 'demo', agent: 'stand-in' },
});
const { session_id: sessionId } = started.structuredContent as { session_id: string };
await backgroundStarted;
writeJsonLine({ type: 'ready', sessionId });

const ending = new AbortController();
const lines = createInterface({ input: process.stdin });
lines.once('line', () => ending.abort());
// The fleet has gone.
lines.once('close', () => ending.abort());

let acknowledged = 0;
while (!ending.signal.aborted) {
  const result = await client.callTool({
    name: 'log_action',
    arguments: { type: 'edit', description: `Changed file ${acknowledged + 1}`, success: true },
  });
  if (result.isError === true) throw new Error(JSON.stringify(result.content));
  acknowledged += 1;
  writeJsonLine({ type: 'logged', acknowledged });
  // An agent thinks between its actions.
  await delay(200, undefined, { signal: ending.signal }).catch(() => undefined);
}

const ended = await client.callTool({ name: 'end_session', arguments: {} });
if (ended.isError === true) throw new Error(JSON.stringify(ended.content));
await client.close();
shell.stdin.end();
if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
lines.close();
process.stdin.destroy();
