/** Puts load on a server: reads what to send from its input, and prints what autocannon measured. */
import { createRequire } from 'node:module';
import process from 'node:process';
import { text } from 'node:stream/consumers';

import type { Load, LoadOptions } from './load.ts';

interface AutocannonResult {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
}

// It has no types of its own.
const autocannon = createRequire(import.meta.url)('autocannon') as (
  given: object,
) => Promise<AutocannonResult>;

const { url, bodies, seconds, connections } = JSON.parse(await text(process.stdin)) as LoadOptions;
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  // Each connection sends them in turn.
  requests: bodies.map((body) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })),
});
if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
  throw new Error(`${url}: ${result['2xx']} good answers, ${result.non2xx} others, ${result.errors} errors.`);
}
const load: Load = { requestsPerSecond: result.requests.average, p99Ms: result.latency.p99 };
process.stdout.write(JSON.stringify(load));
