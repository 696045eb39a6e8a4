import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { seededRandom } from './sample-text.ts';

/** As many as the local model gives. */
export const dimensions = 512;

/** A direction that only the text decides: as far from the others as vectors of this length are. */
export function vectorOf(text: string): Float32Array {
  let seed = 0;
  for (let index = 0; index < text.length; index += 1)
    seed = (Math.imul(seed, 31) + text.charCodeAt(index)) | 0;
  const random = seededRandom(seed);
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** An OpenAI-compatible endpoint that costs next to nothing, so that what is measured is the search. */
export async function startVectorEndpoint(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { input } = JSON.parse(body) as { input: readonly string[] };
      const data = input.map((text, index) => ({
        index,
        embedding: Array.from(vectorOf(text), (value) => Math.round(value * 1e6) / 1e6),
      }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/embeddings`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
