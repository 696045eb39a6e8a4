import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { runCli as runCommandLine } from '../../src/cli/run-cli.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const cliPath = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs the Node side of the command line, unbuilt, as a user would. */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): Promise<CliResult> {
  const child = spawn(process.execPath, [cliPath, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

export interface CliSurroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What a person at the terminal answers; without it there is no terminal. */
  readonly answer?: boolean;
}

/** The same within this process, for commands that need no process of their own. */
export async function runCliHere(
  args: readonly string[],
  surroundings: CliSurroundings = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const { answer } = surroundings;
  const code = await runCommandLine(args, {
    stdout: (chunk) => (stdout += chunk),
    stderr: (chunk) => (stderr += chunk),
    confirm: answer === undefined ? undefined : () => Promise.resolve(answer),
    env: surroundings.env ?? process.env,
    cwd: surroundings.cwd ?? process.cwd(),
    exitAs: (exit) => {
      throw new Error(`it wanted to end this process with ${JSON.stringify(exit)}`);
    },
  });
  return { code, stdout, stderr };
}
