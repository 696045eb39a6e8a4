import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A program under test: what it has printed so far, a line to wait for, and its end. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the first match in what was printed; fails when the program ends first or the deadline passes. */
  printed(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** Resolves when the program and whoever holds its output have ended; fails after the deadline. */
  ended(deadlineMs?: number): Promise<ProgramEnd>;
}

export function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env: NodeJS.ProcessEnv;
    readonly stdin?: 'pipe' | 'ignore';
    readonly detached?: boolean;
  },
): RunningProgram {
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env,
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const end = once(child, 'close').then(([code, signal]: unknown[]): ProgramEnd => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    output,
  }));
  const printed = (pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(new Error(`${pattern} was not printed in ${deadlineMs} ms:\n${output}`)),
        deadlineMs,
      );
      const look = (): void => {
        const match = pattern.exec(output);
        if (match !== null) settle(match);
      };
      const closed = (): void => settle(new Error(`ended before it printed ${pattern}:\n${output}`));
      const settle = (result: RegExpExecArray | Error): void => {
        clearTimeout(timer);
        child.stdout?.off('data', look);
        child.stderr?.off('data', look);
        child.off('close', closed);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      child.once('close', closed);
      look();
    });
  const ended = async (deadlineMs = 60_000): Promise<ProgramEnd> => {
    const late = new AbortController();
    const deadline = delay(deadlineMs, undefined, { signal: late.signal }).then(() => {
      throw new Error(`${command} has not ended after ${deadlineMs} ms:\n${output}`);
    });
    try {
      return await Promise.race([end, deadline]);
    } finally {
      deadline.catch(() => undefined);
      late.abort();
    }
  };
  return { child, output: () => output, printed, ended };
}
