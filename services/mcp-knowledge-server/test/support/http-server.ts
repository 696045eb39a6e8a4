import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { serverCommand, serverEnvironment } from './server-command.ts';

export interface HttpServerProcess {
  readonly child: ChildProcess;
  readonly url: URL;
  /** Sends TERM and resolves with the exit code. */
  readonly end: () => Promise<number | null>;
}

/** The server over HTTP on a free port, as a process. */
export function runHttpServer(
  home: string,
  options: { readonly args?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<HttpServerProcess> {
  const args = [...serverCommand.slice(1), '--http', '--port', '0', ...(options.args ?? [])];
  return listening(args, serverEnvironment(home, options.env));
}

/** The same with the fixtures of the conformance suite. */
export function runConformanceServer(home: string): Promise<HttpServerProcess> {
  const program = fileURLToPath(new URL('../programs/conformance-server.ts', import.meta.url));
  return listening(['--conditions=@endwell/source', program], serverEnvironment(home));
}

async function listening(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<HttpServerProcess> {
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>,
    closed.then(([code]) => {
      throw new Error(`The server ended with ${code} before it listened.`);
    }),
  ]);
  const [url = ''] = /http:\S+/.exec(line[0]) ?? [];
  return {
    child,
    url: new URL(url),
    end: async () => {
      child.kill('SIGTERM');
      const [code] = await closed;
      return code;
    },
  };
}
