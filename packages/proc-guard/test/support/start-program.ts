import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A test program that speaks in lines of JSON on stdout. */
export interface StartedProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The next line; rejects when the program ends without one. */
  nextLine(): Promise<unknown>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly stderr: () => string;
}

export function programPath(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
}

export function startProgram(name: string, args: readonly string[], options: SpawnOptions): StartedProgram {
  return follow(
    spawn(process.execPath, [programPath(name), ...args], { stdio: ['pipe', 'pipe', 'pipe'], ...options }),
  );
}

/** Reads a child's lines from now on. */
export function follow(child: ChildProcess): StartedProgram {
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let ended = false;
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  if (child.stdout !== null) {
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    });
    reader.on('close', () => {
      ended = true;
      for (const next of waiting.splice(0)) next(undefined);
    });
  }
  const exited = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return {
    child,
    pid: child.pid ?? 0,
    exited,
    stderr: () => stderr,
    nextLine: async () => {
      const line =
        lines.shift() ??
        (ended ? undefined : await new Promise<string | undefined>((resolve) => void waiting.push(resolve)));
      if (line === undefined) throw new Error(`the program ended without a line; stderr: ${stderr}`);
      return JSON.parse(line);
    },
  };
}
