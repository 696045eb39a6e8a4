import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const hookProgram = join(here, '..', '..', 'src', 'main.ts');

export interface HookEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StandInAgent {
  readonly child: ChildProcess;
  /** Calls the hook with an event, and resolves when the hook has ended. */
  hook(
    payload: object | string,
    options?: { readonly args?: string; readonly holdInput?: boolean },
  ): Promise<HookEnd>;
  /** As `kill -9` does. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** A process that calls hooks. It is killed when the test is over. */
export async function startAgent(
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StandInAgent> {
  const child = spawn(process.execPath, [join(here, 'hook-agent.ts')], {
    env: { PATH: process.env['PATH'], HOME: home, ENDWELL_HOME: join(home, 'data'), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  const answers = new Map<number, (end: HookEnd) => void>();
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  lines.on('line', (line) => {
    const { id, ...end } = JSON.parse(line) as HookEnd & { readonly id: number };
    answers.get(id)?.(end);
  });
  let calls = 0;
  return {
    child,
    kill,
    hook: async (payload, { args = '', holdInput = false } = {}) => {
      const id = (calls += 1);
      const command = `'${process.execPath}' --conditions=@endwell/source --disable-warning=ExperimentalWarning '${hookProgram}' hook ${args}`;
      const ended = new Promise<HookEnd>((resolve) => answers.set(id, resolve));
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      child.stdin.write(`${JSON.stringify({ id, command, payload: text, holdInput })}\n`);
      return await ended;
    },
  };
}
