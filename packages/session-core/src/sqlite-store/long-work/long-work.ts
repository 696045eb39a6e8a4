import { Worker } from 'node:worker_threads';

import { SessionError, type SessionErrorCode, type SessionErrorDetail } from '../../errors/session-error.ts';
import type {
  LongTaskMessage,
  LongTaskName,
  LongTaskReply,
  LongTasks,
  LongWorkOptions,
  LongWorkSettings,
} from './long-task.ts';

/** Does what takes long in a thread of its own, which is started when there is something to do. */
export interface LongWork {
  run<Name extends LongTaskName>(
    name: Name,
    given: LongTasks[Name]['given'],
  ): Promise<LongTasks[Name]['answer']>;
  /** The purge that is under way stops where it is, with `STORE_CLOSED`. */
  stopPurge(): void;
  /** Ends the thread, after what it has been given. */
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly exited: Promise<void>;
  readonly stop: Int32Array<SharedArrayBuffer>;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

export function createLongWork(options: LongWorkOptions): LongWork {
  let thread: Thread | undefined;
  let lastId = 0;

  const start = (): Thread => {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = startWorker({ ...options, stop });
    const waiting = new Map<number, Waiting>();
    const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
    let failure: unknown = new SessionError('STORE_FAILED', 'the thread for long work has ended');
    worker.on('message', (reply: LongTaskReply) => {
      const task = waiting.get(reply.id);
      waiting.delete(reply.id);
      // An idle thread keeps no process alive.
      if (waiting.size === 0) worker.unref();
      if (reply.ok) task?.resolve(reply.answer as never);
      else task?.reject(reply.detail === null ? reply.error : toSessionError(reply.error, reply.detail));
    });
    worker.on('error', (error) => {
      failure = new SessionError('STORE_FAILED', 'the thread for long work has failed', { cause: error });
    });
    worker.on('exit', () => {
      // The next task starts another one.
      if (thread?.worker === worker) thread = undefined;
      for (const { reject } of waiting.values()) reject(failure);
      exit();
    });
    return { worker, waiting, exited, stop };
  };
  const give = <Name extends LongTaskName>(
    { worker, waiting }: Thread,
    name: Name,
    given: LongTasks[Name]['given'],
  ): Promise<LongTasks[Name]['answer']> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, name, given } satisfies LongTaskMessage);
    });

  return {
    run(name, given) {
      thread ??= start();
      return give(thread, name, given);
    },
    stopPurge() {
      if (thread !== undefined) Atomics.store(thread.stop, 0, 1);
    },
    async close() {
      const ending = thread;
      if (ending === undefined) return;
      thread = undefined;
      await give(ending, 'close', null);
      ending.worker.ref();
      await ending.exited;
    },
  };
}

/** The program lies beside this file, as source, or at the top of the built package. */
function startWorker(settings: LongWorkSettings): Worker {
  const source = import.meta.url.endsWith('.ts');
  const program = new URL(source ? './long-work-thread.ts' : './long-work-thread.js', import.meta.url);
  return new Worker(program, {
    workerData: settings,
    name: 'endwell long work',
    // Not what this process was started with: `--input-type`, say, does not go with a file.
    // From source it needs the other packages of this repository as source too.
    execArgv: source ? ['--conditions=@endwell/source'] : [],
  });
}

function toSessionError(error: unknown, detail: object): SessionError {
  const { code, ...rest } = detail as { code: SessionErrorCode } & SessionErrorDetail;
  return new SessionError(code, (error as Error).message, { ...rest, cause: error });
}
