import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly argv0?: string;
}

/** Runs a command to its end, and until nobody has its output any more. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunCommandOptions,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    env: options.env,
    stdio: 'pipe',
    ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
  });
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { exitCode, signal, stdout, stderr };
}

export interface OutputReader {
  readonly text: () => string;
  /** Resolves with the match as soon as the output has one; rejects when the output ends without. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Reads a child's stdout from the start. */
export function readOutput(child: ChildProcess): OutputReader {
  let output = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    tell();
  });
  child.stdout?.once('close', () => {
    ended = true;
    tell();
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (match === null && !ended) return;
        listeners.delete(look);
        if (match === null) reject(new Error(`the output ended without ${pattern}: ${output}`));
        else resolve(match);
      };
      listeners.add(look);
      look();
    });
  return { text: () => output, until };
}
