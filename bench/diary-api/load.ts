import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { programs } from '../programs.ts';

const autocannon = createRequire(import.meta.url).resolve('autocannon');

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly body: unknown;
  readonly seconds: number;
  readonly connections: number;
}

/** What autocannon measures, in a process of its own. Every answer has to be a 201. */
export async function putLoad({ url, body, seconds, connections }: LoadOptions): Promise<Load> {
  const args = ['-j', '-c', String(connections), '-d', String(seconds), '-m', 'POST'];
  const content = ['-H', 'content-type=application/json', '-b', JSON.stringify(body)];
  const { stdout } = await promisify(execFile)(programs.node, [autocannon, ...args, ...content, url], {
    maxBuffer: 16 * 1024 * 1024,
    timeout: (seconds + 60) * 1_000,
  });
  const result = JSON.parse(stdout) as {
    readonly requests: { readonly average: number };
    readonly latency: { readonly p99: number };
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
  };
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new Error(
      `${url}: ${result['2xx']} good answers, ${result.non2xx} others, ${result.errors} errors.`,
    );
  }
  return { requestsPerSecond: result.requests.average, p99Ms: result.latency.p99 };
}
