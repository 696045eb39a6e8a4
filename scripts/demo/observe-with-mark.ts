import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, ObserveOptions } from './observation.ts';
import { markVariable } from './observation.ts';
import { carriersOf, isSame } from './process-survey.ts';

const lookEveryMs = 250;
const endDeadlineMs = 5000;

/**
 * Runs the command as it is, and finds what it leaves by an environment entry. Without a subreaper
 * there is no event for the end of a tree, so this looks again and again, up to a deadline.
 */
export function observeWithMark({ command, env, mark }: ObserveOptions): Observation {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { ...env, [markVariable]: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = Promise.withResolvers<number | null>();
  child.once('error', exited.reject);
  child.once('exit', (code) => exited.resolve(code));

  const settled = async (deadlineMs: number): Promise<boolean> => {
    const until = performance.now() + deadlineMs;
    for (;;) {
      if (carriersOf(markVariable, mark).length === 0) return true;
      if (performance.now() > until) return false;
      await delay(lookEveryMs);
    }
  };
  const endAll = async (): Promise<void> => {
    const until = performance.now() + endDeadlineMs;
    for (;;) {
      const left = carriersOf(markVariable, mark);
      if (left.length === 0) return;
      if (performance.now() > until) {
        throw new Error(`cannot end ${left.map(({ pid }) => pid).join(', ')}`);
      }
      for (const process of left) if (isSame(process)) killIfThere(process.pid);
      await delay(lookEveryMs);
    }
  };
  let ending: Promise<void> | undefined;
  return {
    output: child.stdout,
    exited: exited.promise,
    settled,
    leftovers: () => {
      const processes = carriersOf(markVariable, mark);
      return { processes, counts: { 'the environment entry': processes.length } };
    },
    end: () => (ending ??= endAll()),
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
