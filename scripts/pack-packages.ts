import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface PublishedPackage {
  readonly name: string;
  /** Relative to the repository's root. */
  readonly folder: string;
  readonly hasTypes: boolean;
}

export const publishedPackages: readonly PublishedPackage[] = [
  { name: '@endwell/proc-guard-linux-x64', folder: 'packages/proc-guard-linux-x64', hasTypes: false },
  { name: '@endwell/proc-guard', folder: 'packages/proc-guard', hasTypes: true },
  { name: '@endwell/session-core', folder: 'packages/session-core', hasTypes: true },
  { name: '@endwell/diary-api', folder: 'services/diary-api', hasTypes: true },
  { name: '@endwell/mcp-knowledge-server', folder: 'services/mcp-knowledge-server', hasTypes: true },
];

/** Packs as publishing would (`publishConfig` applied, workspace ranges made real) and returns the tarball's path. */
export async function packPackage(folder: string, destination: string): Promise<string> {
  const before = new Set(await readdir(destination));
  const result = await runToEnd('pnpm', ['pack', '--pack-destination', destination], {
    cwd: join(repositoryRoot, folder),
  });
  const tarball = (await readdir(destination)).find((name) => name.endsWith('.tgz') && !before.has(name));
  if (result.code !== 0 || tarball === undefined)
    throw new Error(`pnpm pack failed in ${folder}:\n${result.output}`);
  return join(destination, tarball);
}

export interface RunResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end and keeps what it printed on both streams. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repositoryRoot,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 180_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
