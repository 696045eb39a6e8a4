import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * Processes that carry a mark of this test in their environment, which their descendants inherit:
 * so that a test finds what it started, and nothing else, without a look at a name.
 */
export interface MarkedProcesses {
  readonly environment: Readonly<Record<string, string>>;
  pids(): Promise<readonly number[]>;
  /** Resolves when none is left; fails after the deadline with what still runs. */
  gone(deadlineMs: number): Promise<void>;
}

export function markProcesses(): MarkedProcesses {
  const mark = randomUUID();
  const entry = `ENDWELL_TEST_MARK=${mark}`;
  const pids = async (): Promise<readonly number[]> => {
    const found: number[] = [];
    for (const name of await readdir('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === process.pid) continue;
      if (await carries(pid, entry)) found.push(pid);
    }
    return found;
  };
  const gone = async (deadlineMs: number): Promise<void> => {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const left = await pids();
      if (left.length === 0) return;
      if (performance.now() > deadline) throw new Error(`still running: ${await describe(left)}`);
      await delay(20);
    }
  };
  onTestFinished(async () => {
    const left = await pids();
    for (const pid of left) {
      if (await carries(pid, entry)) process.kill(pid, 'SIGKILL');
    }
    if (left.length > 0) throw new Error(`the test left processes behind: ${await describe(left)}`);
  });
  return { environment: { ENDWELL_TEST_MARK: mark }, pids, gone };
}

async function carries(pid: number, entry: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').includes(entry);
  } catch {
    return false; // It ended while we looked, or belongs to somebody else.
  }
}

async function describe(pids: readonly number[]): Promise<string> {
  const lines: string[] = [];
  for (const pid of pids) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '(ended)');
    lines.push(`${pid} ${commandLine.replaceAll('\0', ' ').trim()}`);
  }
  return lines.join('; ');
}
