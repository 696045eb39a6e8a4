/**
 * One stand-in agent, as a process: starts an MCP server and a shell, opens a session, logs
 * actions, and goes on until it reads `end` or is killed.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { AgentEvent, FleetPlan } from './fleet-event.ts';
import { writeJsonLine } from './lines.ts';

/** What an agent's shell leaves behind, such as a dev server. Should all else fail, it ends by itself. */
const backgroundChild = `(trap '' TERM HUP INT; exec sleep 120 </dev/null >/dev/null 2>&1) & echo $!; read line`;

function report(event: AgentEvent): void {
  writeJsonLine(event);
}

async function work(plan: Pick<FleetPlan, 'server' | 'shell'>): Promise<void> {
  const ending = new AbortController();
  const lines = createInterface({ input: process.stdin });
  lines.once('line', () => ending.abort());
  // The fleet has gone.
  lines.once('close', () => ending.abort());

  const [shellProgram = '', ...shellArgs] = plan.shell;
  const shell = spawn(shellProgram, [...shellArgs, backgroundChild], { stdio: ['pipe', 'pipe', 'ignore'] });
  const shellExited = once(shell, 'exit');
  const backgroundStarted = once(shell.stdout, 'data');

  const [command = '', ...args] = plan.server;
  const env = process.env as Record<string, string>;
  const client = new Client({ name: 'stand-in-agent', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args, env, stderr: 'inherit' }));
  const call = async (name: string, input: Record<string, unknown>): Promise<unknown> => {
    const result = await client.callTool({ name, arguments: input });
    if (result.isError === true) throw new Error(JSON.stringify(result.content));
    return result.structuredContent;
  };

  const started = await call('start_session', { project: 'demo', agent: 'stand-in' });
  await backgroundStarted;
  report({ type: 'ready', sessionId: (started as { session_id: string }).session_id });

  for (let acknowledged = 0; !ending.signal.aborted;) {
    await call('log_action', {
      type: 'edit',
      description: `Changed file ${acknowledged + 1}`,
      success: true,
    });
    acknowledged += 1;
    report({ type: 'logged', acknowledged });
    // An agent thinks between its actions.
    await delay(randomInt(200, 600), undefined, { signal: ending.signal }).catch(() => undefined);
  }

  await call('end_session', {});
  await client.close();
  shell.stdin.end();
  await shellExited;
  lines.close();
  process.stdin.destroy();
}

try {
  await work(JSON.parse(process.argv[2] ?? '{}') as FleetPlan);
} catch (error) {
  process.stderr.write(`agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
