import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import type { VectorReport } from '../knowledge.ts';
import {
  countPending,
  insertVectors,
  type ModelName,
  pendingChunks,
  type PendingScope,
} from '../store/vector-rows.ts';
import { findModel } from '../store/vector-tables.ts';
import { EmbeddingError, type EmbeddingProvider } from './embedding-provider.ts';

/** Why there are no vectors at all. */
export interface NoVectors {
  readonly reason: 'off' | 'unavailable';
  /** For a person; null when they were switched off on purpose. */
  readonly problem: string | null;
}

export interface Vectorizer {
  /** `provider: model`, or `off`. */
  readonly description: string;
  /** The model's key and the vector of a query; undefined, with the reason kept, when the provider is down. */
  embedQuery(text: string, signal: AbortSignal): Promise<QueryVector>;
  /** Makes the missing vectors of a document or a project. Stops quietly when the provider is down. */
  makeMissing(scope: PendingScope, signal: AbortSignal, onBatch?: (done: number) => void): Promise<void>;
  /** The same in the background, one at a time, until `stop`. */
  makeMissingLater(projectKey: number | undefined): void;
  report(projectKey: number | undefined): Promise<VectorReport>;
  /** The model whose vectors are stored, once it has answered. */
  modelKey(): Promise<number | undefined>;
  /** Ends what is made in the background; from then on nothing more is written. */
  stop(): Promise<void>;
  /** Releases the provider. */
  close(): Promise<void>;
}

export type QueryVector =
  | { readonly vector: Float32Array; readonly modelKey: number }
  | { readonly vector: undefined };

/** Small, so that a query need not wait long behind a document. */
const batchSizes: Readonly<Record<EmbeddingProvider['name'], number>> = { local: 4, http: 32 };

/** Makes vectors and keeps them, as far as there is a provider and it answers. */
export function createVectorizer(
  database: ComponentDatabase,
  provider: EmbeddingProvider | NoVectors,
): Vectorizer {
  if ('reason' in provider) return withoutVectors(provider);
  const name: ModelName = { provider: provider.name, model: provider.model };
  const closing = new AbortController();
  let problem: string | null = null;
  let background: Promise<void> | undefined;

  /** Undefined when the provider is down. */
  const embed = async (
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[] | undefined> => {
    try {
      const vectors = await provider.embed(texts, { signal });
      problem = null;
      return vectors;
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      problem = error.message;
      return undefined;
    }
  };
  const makeMissing: Vectorizer['makeMissing'] = async (scope, signal, onBatch) => {
    let after = -1;
    let done = 0;
    for (;;) {
      signal.throwIfAborted();
      const from = after;
      const chunks = await database.read((rows) =>
        pendingChunks(rows, name, scope, from, batchSizes[provider.name]),
      );
      const last = chunks.at(-1);
      if (last === undefined) return;
      const vectors = await embed(
        chunks.map(({ text }) => text),
        signal,
      );
      if (vectors === undefined) return;
      await database.write((rows) => insertVectors(rows, name, chunks, vectors));
      after = last.chunkKey;
      done += chunks.length;
      onBatch?.(done);
    }
  };
  const modelKey = (): Promise<number | undefined> =>
    database.read((rows) => findModel(rows, name.provider, name.model)?.modelKey);

  return {
    description: `${name.provider}: ${name.model}`,
    async embedQuery(text, signal) {
      const key = await modelKey();
      // Before the first vector there is nothing to compare with.
      if (key === undefined) return { vector: undefined };
      const vectors = await embed([text], signal);
      const vector = vectors?.[0];
      if (vector === undefined) return { vector: undefined };
      const model = await database.read((rows) => findModel(rows, name.provider, name.model, vector.length));
      return model === undefined ? { vector: undefined } : { vector, modelKey: model.modelKey };
    },
    makeMissing,
    makeMissingLater(projectKey) {
      background ??= makeMissing({ projectKey }, closing.signal)
        .catch((error: unknown) => {
          if (!closing.signal.aborted) problem = error instanceof Error ? error.message : String(error);
        })
        .finally(() => {
          background = undefined;
        });
    },
    async report(projectKey) {
      const pending = await database.read((rows) => countPending(rows, name, projectKey));
      return { provider: `${name.provider}: ${name.model}`, problem, pendingChunks: pending };
    },
    modelKey,
    async stop() {
      closing.abort();
      await background;
    },
    close: () => provider.close(),
  };
}

function withoutVectors({ problem }: NoVectors): Vectorizer {
  return {
    description: 'off',
    embedQuery: () => Promise.resolve({ vector: undefined }),
    makeMissing: () => Promise.resolve(),
    makeMissingLater: () => undefined,
    report: () => Promise.resolve({ provider: 'off', problem, pendingChunks: 0 }),
    modelKey: () => Promise.resolve(undefined),
    stop: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
