import { Worker } from 'node:worker_threads';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import type { ServerLogger } from '../logging/server-logger.ts';
import type { CallOptions, Knowledge } from './knowledge.ts';
import type { FromWorker, Method, ToWorker, WorkerSetup } from './worker/messages.ts';
import { workerUrl } from './worker/worker-url.ts';
import { fromWire } from './worker/wire-error.ts';

export interface OpenKnowledgeOptions {
  /** The database file, which is also that of the sessions. */
  readonly path: string;
  /** `local`, `off`, or the address of an endpoint with the model after `#`. @defaultValue 'local' */
  readonly embeddings?: string | undefined;
  /** What the endpoint asks for. */
  readonly apiKey?: string | undefined;
  /** The folders whose files may be ingested; a relative path is one in the first. */
  readonly roots: readonly string[];
  readonly logger: ServerLogger;
  /** Gives up the opening: the thread ends, and the signal's reason is thrown. @defaultValue none */
  readonly signal?: AbortSignal | undefined;
}

/** How long writes in flight may take when it closes; what is not stored by then is as if never asked for. */
const closeMs = 100;
/** How long the thread may take to end when it has been cut off; the process waits for it in any case. */
const cutOffMs = 150;

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: CallOptions['onProgress'];
}

/** Opens the knowledge base in a thread of its own, in the database of the sessions. */
export async function openKnowledge(options: OpenKnowledgeOptions): Promise<Knowledge> {
  const { path, embeddings = 'local', apiKey, roots, logger, signal: opening } = options;
  opening?.throwIfAborted();
  const worker = new Worker(workerUrl('knowledge-worker'), {
    name: 'knowledge',
    workerData: { path, embeddings, apiKey, roots } satisfies WorkerSetup,
    // stdout is the protocol's: what a library prints there is for the log.
    stdout: true,
  });
  worker.stdout.on('data', (chunk: Buffer) => logger.warn({ text: chunk.toString().trim() }, 'printed'));
  // It lives as long as the server, and must not keep the server alive.
  worker.unref();
  // Not by `once`, which would also fail when the thread has failed.
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const calls = new Map<number, Call>();
  const opened = Promise.withResolvers<void>();
  let lastCall = 0;
  let closing: Promise<void> | undefined;
  let ended: Error | undefined;

  const fail = (error: Error): void => {
    ended ??= error;
    opened.reject(error);
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
  };
  worker.on('error', (error: Error) => {
    logger.error({ err: error }, 'the knowledge base has failed');
    fail(error);
  });
  worker.on('exit', () => fail(new KnowledgeError('KNOWLEDGE_UNAVAILABLE', 'The knowledge base is closed.')));
  worker.on('message', (message: FromWorker) => {
    if ('ready' in message) {
      opened.resolve();
    } else if ('failed' in message) {
      fail(fromWire(message.failed));
    } else if ('progress' in message) {
      calls.get(message.call)?.onProgress?.(...message.progress);
    } else {
      const call = calls.get(message.call);
      calls.delete(message.call);
      if ('value' in message) call?.resolve(message.value);
      else call?.reject(fromWire(message.error));
    }
  });

  const send = (message: ToWorker): void => worker.postMessage(message);
  const ask = async <Value>(
    method: Method,
    args: readonly unknown[],
    asked?: CallOptions,
  ): Promise<Value> => {
    const signal = asked?.signal;
    signal?.throwIfAborted();
    if (ended !== undefined) throw ended;
    lastCall += 1;
    const id = lastCall;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    // The call itself ends when the worker has stopped: until then it may still have stored something.
    const onAbort = (): void => send({ cancel: id });
    calls.set(id, { resolve, reject, onProgress: asked?.onProgress });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      send({ call: id, method, args });
      return (await promise) as Value;
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
  /**
   * Cut off in the middle of a statement the thread ends when the statement does. That is waited for: of two
   * connections that close at the same moment, neither is the last one, which tidies up. But not for long: on
   * a busy machine there would be no time left to close the sessions' store.
   */
  const exitedWithin = async (waitMs: number): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, waitMs);
    await Promise.race([exited, late.promise]);
    clearTimeout(timer);
  };
  const close = async (): Promise<void> => {
    worker.ref();
    send({ close: true });
    const cutOff = setTimeout(() => void worker.terminate(), closeMs);
    await exitedWithin(closeMs + cutOffMs);
    clearTimeout(cutOff);
  };
  const giveUp = (): void => {
    opened.reject(opening?.reason);
    void worker.terminate();
  };

  opening?.addEventListener('abort', giveUp, { once: true });
  try {
    await opened.promise;
  } catch (error) {
    await exitedWithin(cutOffMs);
    throw error;
  } finally {
    opening?.removeEventListener('abort', giveUp);
  }
  return {
    ingestText: (document, { signal }) => ask('ingestText', [document], { signal }),
    ingest: (document, asked) => ask('ingest', [document], asked),
    ingestFolder: (folder, asked) => ask('ingestFolder', [folder], asked),
    search: (request, asked) => ask('search', [request], asked),
    findSimilar: (request, asked) => ask('findSimilar', [request], asked),
    forget: (target) => ask('forget', [target]),
    addFacts: (facts) => ask('addFacts', [facts]),
    queryGraph: (question) => ask('queryGraph', [question]),
    listDocuments: (query) => ask('listDocuments', [query]),
    readDocument: (id, range) => ask('readDocument', [id, range]),
    statistics: (query) => ask('statistics', [query]),
    close: () => (closing ??= close()),
  };
}
