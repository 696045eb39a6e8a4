import { CircuitOpenError, createCircuitBreaker, isProcGuardError, retry } from '@endwell/proc-guard';
import { z } from 'zod';

import { EmbeddingError, type EmbeddingProvider, normalize } from './embedding-provider.ts';
import type { EmbeddingsSetting } from './parse-embeddings.ts';

const numbers = z.array(z.number()).min(1).max(8192);
const answers = {
  openai: z
    .object({ data: z.array(z.object({ index: z.int().optional(), embedding: numbers })) })
    .transform(({ data }) =>
      data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ embedding }) => embedding),
    ),
  ollama: z.object({ embeddings: z.array(numbers) }).transform(({ embeddings }) => embeddings),
};

/** What an endpoint that is not there may cost a search, before it goes on without. */
const attemptTimeoutMs = 10_000;
const maxElapsedMs = 20_000;
const breakerOpenMs = 30_000;

class EndpointError extends Error {
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryable: boolean, retryAfterMs?: number) {
    super(message);
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Vectors from an endpoint with the interface of OpenAI or of Ollama. Tried again within bounds, and not
 * asked for a while once it has failed three times in a row.
 */
export function createHttpProvider(
  setting: Extract<EmbeddingsSetting, { kind: 'http' }>,
  apiKey: string | undefined,
): EmbeddingProvider {
  const { url, model, dialect } = setting;
  const breaker = createCircuitBreaker({
    failureThreshold: 3,
    openMs: breakerOpenMs,
    isFailure: (error) => !(error instanceof DOMException && error.name === 'AbortError'),
  });

  const ask = async (texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, input: texts }),
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      const retryable = response.status === 408 || response.status === 429 || response.status >= 500;
      throw new EndpointError(`it answered ${response.status}`, retryable, retryAfter(response));
    }
    const parsed = answers[dialect].safeParse(await response.json());
    if (!parsed.success) throw new EndpointError(`its answer is not that of ${dialect}`, false);
    if (parsed.data.length !== texts.length) {
      throw new EndpointError(`it gave ${parsed.data.length} vectors for ${texts.length} texts`, false);
    }
    return parsed.data.map((vector) => normalize(Float32Array.from(vector)));
  };

  return {
    name: 'http',
    model,
    async embed(texts, { signal }) {
      try {
        return await breaker.execute(() =>
          retry((context) => ask(texts, context.signal), {
            maxAttempts: 3,
            attemptTimeoutMs,
            maxElapsedMs,
            backoff: { initialDelayMs: 200, maxDelayMs: 2000 },
            signal,
            shouldRetry: (error) => !(error instanceof EndpointError) || error.retryable,
            retryAfterMs: (error) => (error instanceof EndpointError ? error.retryAfterMs : undefined),
          }),
        );
      } catch (error) {
        if (signal.aborted) throw error;
        throw new EmbeddingError(describe(url, error), { cause: error });
      }
    },
    // A request holds nothing when it is over.
    close: () => Promise.resolve(),
  };
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function describe(url: string, error: unknown): string {
  if (error instanceof CircuitOpenError) {
    return `${url} has failed, and is asked again in ${Math.ceil(error.retryAfterMs / 1000)} s`;
  }
  const last = isProcGuardError(error) && error.cause !== undefined ? error.cause : error;
  if (last instanceof EndpointError) return `${url}: ${last.message}`;
  // What fetch says is always the same; the reason is below it.
  const reason = last instanceof Error && last.cause instanceof Error ? last.cause : last;
  return `${url} cannot be reached (${reason instanceof Error ? reason.message || reason.name : String(reason)})`;
}
