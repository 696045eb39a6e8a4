/**
 * Starts the agents. When all of them work, kills some with SIGKILL at a random moment, asks the
 * others to end, and ends itself when all have ended. It cleans up nothing.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { AgentEvent, FleetEvent, FleetPlan } from './fleet-event.ts';
import { readJsonLines, writeJsonLine } from './lines.ts';

const readyDeadlineMs = 60_000;
const endDeadlineMs = 30_000;
const longestWorkMs = 2000;

const plan = JSON.parse(process.argv[2] ?? '{}') as FleetPlan;
const agentProgram = fileURLToPath(new URL('agent.ts', import.meta.url));

/** Those that are not at work yet, or have failed before. */
let awaited = plan.agents;
const allAtWork = Promise.withResolvers<void>();

function arrive(): void {
  awaited -= 1;
  if (awaited === 0) allAtWork.resolve();
}

function report(event: FleetEvent): void {
  writeJsonLine(event);
}

async function runAgent(agent: number): Promise<void> {
  const child = spawn(process.execPath, [agentProgram, JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // An agent that is killed cannot read any more.
  child.stdin.on('error', () => undefined);
  report({ agent, type: 'started', pid: child.pid ?? 0 });

  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      report({ agent, type: 'ended', code, signal });
      resolve();
    });
  });
  const giveUp = (problem: string): void => {
    report({ agent, type: 'failed', problem });
    process.exitCode = 1;
    child.kill('SIGKILL');
  };
  const end = (): void => {
    if (plan.victims.includes(agent)) {
      child.kill('SIGKILL');
      report({ agent, type: 'killed' });
    } else {
      child.stdin.write('end\n');
      report({ agent, type: 'ending' });
    }
    timer = setTimeout(() => giveUp(`did not end in ${endDeadlineMs} ms`), endDeadlineMs);
  };
  let timer = setTimeout(() => giveUp(`was not ready in ${readyDeadlineMs} ms`), readyDeadlineMs);
  const atWork = Promise.withResolvers<void>();
  const told = readJsonLines(child.stdout, (line) => {
    const event = line as AgentEvent;
    report({ agent, ...event });
    if (event.type === 'ready') atWork.resolve();
  });
  await Promise.race([atWork.promise, exited]);
  clearTimeout(timer);
  arrive();
  await Promise.race([allAtWork.promise, exited]);
  timer = setTimeout(end, randomInt(longestWorkMs));
  await Promise.all([exited, told]);
  clearTimeout(timer);
}

await Promise.all(Array.from({ length: plan.agents }, (_, index) => runAgent(index + 1)));
