import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const mainFile = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'main.ts');

export interface DiaryEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DiaryProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<DiaryEnd>;
  /** What it prints when it is ready. Fails when it ends first. */
  address(): Promise<string>;
}

export interface DiaryProcessOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ipc?: boolean;
}

/** The program as it is, unbuilt, in a process of its own. */
export function startDiary(args: readonly string[], options: DiaryProcessOptions): DiaryProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@endwell/source', '--disable-warning=ExperimentalWarning', mainFile, ...args],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: options.home,
        ENDWELL_HOME: join(options.home, 'data'),
        ...options.env,
      },
      stdio: options.ipc === true ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // Not `close`: with an IPC channel that we disconnected ourselves it never comes.
  const outputs = [child.stdout, child.stderr].map((output) =>
    output === null ? undefined : finished(output),
  );
  const ended = Promise.all([once(child, 'exit'), ...outputs]).then(([[code, signal]]): DiaryEnd => {
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  const address = async (): Promise<string> => {
    for (;;) {
      const url = /listening on (http:\S+)\n/.exec(stdout)?.[1];
      if (url !== undefined) return url;
      const end = await Promise.race([ended, once(child.stdout ?? child, 'data').then(() => undefined)]);
      if (end !== undefined)
        throw new Error(`diary ended with ${end.code} before it was ready: ${end.stderr}`);
    }
  };
  return { child, ended, address };
}

export async function runDiary(args: readonly string[], options: DiaryProcessOptions): Promise<DiaryEnd> {
  return await startDiary(args, options).ended;
}
