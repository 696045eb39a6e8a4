import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { hasHelper } from './support/helper-modes.ts';
import { createProcessTracker } from './support/process-tracker.ts';
import { startProgram } from './support/start-program.ts';

const guardPath = fileURLToPath(new URL('../bin/proc-guard', import.meta.url));
const agentPath = fileURLToPath(new URL('./programs/stand-in-agent.sh', import.meta.url));

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe.skipIf(!hasHelper)('the agent as a whole', () => {
  test.each([
    ['the terminal is killed', 'terminal'],
    ['the agent is killed', 'agent'],
    ['the agent is asked to end', 'term'],
  ])('%s: nothing is left and all ports are free', async (_name, how) => {
    const folder = mkdtempSync(join(tmpdir(), 'proc-guard-agent-'));
    try {
      await using tracker = createProcessTracker();
      const command = [
        guardPath,
        'run',
        '--grace-ms',
        '300',
        '--',
        'sh',
        agentPath,
        process.execPath,
        folder,
      ];
      // The terminal: a program that started the agent and is its client.
      const terminal = startProgram('parent-of-program', ['ignore', ...command], { env: tracker.env });
      const ports = (await terminal.nextLine()) as number[];
      expect(await Promise.all(ports.map(canConnect))).toEqual([true, true, true]);

      if (how === 'terminal') {
        terminal.child.kill('SIGKILL');
      } else {
        const agent = tracker
          .living()
          .find(({ commandLine }) => commandLine.startsWith('sh ') && commandLine.includes(agentPath));
        process.kill(agent?.pid ?? 0, how === 'agent' ? 'SIGKILL' : 'SIGTERM');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const mayStay = how === 'terminal' ? 0 : 1;
      const deadline = performance.now() + 40_000;
      while (tracker.living().length > mayStay && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const left = tracker.living().filter(({ pid }) => pid !== terminal.pid);
      expect(left).toEqual([]);
      expect(await Promise.all(ports.map(canConnect))).toEqual([false, false, false]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
