import type { SimulatedProcess } from './simulated-machine.ts';
import type { SimulationRandom } from './simulation-random.ts';

/** One thing that can happen next, in one process. */
export interface Task {
  readonly process: SimulatedProcess;
  readonly kind: string;
  readonly run: () => void | Promise<void>;
}

/** What can happen next; chance decides what does. */
export interface TaskQueue {
  readonly size: number;
  add(process: SimulatedProcess, kind: string, run: Task['run']): void;
  /** Any task of a process that runs; undefined when there is none. */
  take(): Task | undefined;
  /** After a stopped process was let go. */
  release(): void;
}

export function createTaskQueue(random: SimulationRandom): TaskQueue {
  let ready: Task[] = [];
  let held: Task[] = [];
  return {
    get size() {
      return ready.length;
    },
    add: (process, kind, run) => void ready.push({ process, kind, run }),
    take() {
      while (ready.length > 0) {
        const index = random.below(ready.length);
        const task = ready[index];
        const last = ready.pop();
        if (task === undefined || last === undefined) break;
        if (index < ready.length) ready[index] = last;
        if (!task.process.alive) continue;
        if (!task.process.stopped) return task;
        held.push(task);
      }
      return undefined;
    },
    release() {
      ready = [...ready, ...held];
      held = [];
    },
  };
}
