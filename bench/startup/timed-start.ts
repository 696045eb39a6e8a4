import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { treeMemory } from './tree-memory.ts';

export interface Start {
  readonly milliseconds: number;
  /** Of the program and all below it once it had answered; undefined where the answer was its end. */
  readonly memoryMebibytes: number | undefined;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Resolves when the program has answered for the first time, with the pid whose memory counts. */
  readonly answered: (child: ChildProcess) => Promise<number | undefined>;
}

/** Starts a program with an empty home, waits for its first answer, and ends it. */
export async function timedStart({ command, args, cwd, answered }: Program): Promise<Start> {
  const home = await mkdtemp(join(tmpdir(), 'endwell-bench-'));
  try {
    const startedAt = performance.now();
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: {
        ...process.env,
        HOME: home,
        ENDWELL_HOME: join(home, 'data'),
        DIARY_API_PORT: '0',
        ENDWELL_LOG_LEVEL: 'error',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    const pid = await answered(child);
    const milliseconds = performance.now() - startedAt;
    const memoryMebibytes = pid === undefined ? undefined : await treeMemory(pid);
    child.kill('SIGTERM');
    await closed;
    return { milliseconds, memoryMebibytes };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
