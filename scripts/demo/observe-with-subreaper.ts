import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Observation, ObserveOptions } from './observation.ts';
import { markVariable } from './observation.ts';
import { carriersOf, descendantsOf, type LivingProcess } from './process-survey.ts';

/** Runs the command below the observer, which the kernel gives everything that loses its parent. */
export function observeWithSubreaper(
  observerProgram: string,
  { command, env, mark }: ObserveOptions,
): Observation {
  const observer = spawn(observerProgram, [...command], {
    env: { ...env, [markVariable]: mark },
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const pid = observer.pid ?? 0;
  const gone = new Promise<void>((resolve) => observer.once('close', () => resolve()));
  const exited = Promise.withResolvers<number | null>();
  const empty = Promise.withResolvers<boolean>();
  observer.once('error', exited.reject);
  void gone.then(() => exited.resolve(null));

  createInterface({ input: reportsOf(observer) }).on('line', (line) => {
    const [word, code, signal] = line.split(' ');
    if (word === 'exited') exited.resolve(signal === '0' ? Number(code) : null);
    else if (word === 'empty') empty.resolve(true);
  });

  let ending: Promise<void> | undefined;
  return {
    output: observer.stdout as Readable,
    exited: exited.promise,
    settled: async (deadlineMs) => {
      const late = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => late.resolve(false), deadlineMs);
      const result = await Promise.race([empty.promise, late.promise]);
      clearTimeout(timer);
      return result;
    },
    leftovers: () => {
      const adopted = descendantsOf(pid);
      const marked = carriersOf(markVariable, mark).filter((process) => process.pid !== pid);
      return {
        processes: union(adopted, marked),
        counts: { 'the subreaper': adopted.length, 'the environment entry': marked.length },
      };
    },
    end: () => {
      if (ending === undefined) {
        observer.stdin?.end();
        ending = gone;
      }
      return ending;
    },
  };
}

function reportsOf(observer: ChildProcess): Readable {
  return observer.stdio[3] as Readable;
}

function union(...lists: readonly (readonly LivingProcess[])[]): readonly LivingProcess[] {
  return [...new Map(lists.flat().map((process) => [process.pid, process])).values()];
}
