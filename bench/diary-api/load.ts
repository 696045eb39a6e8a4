import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { programs } from '../programs.ts';

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly url: string;
  /** Sent in turn. */
  readonly bodies: readonly unknown[];
  readonly seconds: number;
  readonly connections: number;
}

/** What autocannon measures, in a process of its own. Every answer has to be a 201. */
export async function putLoad(options: LoadOptions): Promise<Load> {
  const running = promisify(execFile)(
    programs.node,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'load-process.ts')],
    { timeout: (options.seconds + 60) * 1_000 },
  );
  running.child.stdin?.end(JSON.stringify(options));
  const { stdout } = await running;
  return JSON.parse(stdout) as Load;
}
