import { Worker } from 'node:worker_threads';

import { SessionError, type SessionErrorCode, type SessionErrorDetail } from '../../errors/session-error.ts';
import type {
  LongTaskMessage,
  LongTaskName,
  LongTaskReply,
  LongTasks,
  LongWorkSettings,
  StopFlag,
} from './long-task.ts';

/** Does what takes long in a thread of its own, which is started when there is something to do. */
export interface LongWork {
  /**
   * When the signal aborts, a task that removes stops where it is, or before it has begun, with
   * `STORE_CLOSED`; others go on.
   */
  run<Name extends LongTaskName>(
    name: Name,
    given: LongTasks[Name]['given'],
    signal?: AbortSignal,
  ): Promise<LongTasks[Name]['answer']>;
  /** Ends the thread, after what it has been given. */
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly exited: Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

export function createLongWork(settings: LongWorkSettings): LongWork {
  let thread: Thread | undefined;
  let lastId = 0;

  const start = (): Thread => {
    const worker = startWorker(settings);
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
      exit();
      for (const { reject } of waiting.values()) reject(failure);
    });
    return { worker, waiting, exited };
  };
  const give = <Name extends LongTaskName>(
    { worker, waiting }: Thread,
    name: Name,
    given: LongTasks[Name]['given'],
    stop: StopFlag = createStopFlag(),
  ): Promise<LongTasks[Name]['answer']> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, name, given, stop } satisfies LongTaskMessage);
    });

  return {
    async run(name, given, signal) {
      thread ??= start();
      const stop = createStopFlag();
      const onAbort = (): void => void Atomics.store(stop, 0, 1);
      if (signal?.aborted === true) onAbort();
      signal?.addEventListener('abort', onAbort);
      try {
        return await give(thread, name, given, stop);
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    async close() {
      const ending = thread;
      if (ending === undefined) return;
      thread = undefined;
      // One that has failed has told those who waited for it; there is nothing left to close.
      await Promise.race([ending.exited, give(ending, 'close', null)]);
      ending.worker.ref();
      await ending.exited;
    },
  };
}

function createStopFlag(): StopFlag {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
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
