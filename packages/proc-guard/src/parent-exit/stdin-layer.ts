import { fstatSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** `stream`: its end means something. `file`: a file, a terminal or nothing. `worker`: not ours to watch. */
export type StdinKind = 'stream' | 'file' | 'worker';

export function stdinKind(): StdinKind {
  if (!isMainThread) return 'worker';
  const stat = fstatSync(0);
  return stat.isFIFO() || stat.isSocket() ? 'stream' : 'file';
}

/**
 * Calls back when stdin has ended. Only listens: whoever reads stdin (the server's transport)
 * keeps doing so, and what it has not read yet is not lost.
 */
export function onStdinEnd(callback: () => void): () => void {
  const { stdin } = process;
  const ended = (): void => {
    stop();
    callback();
  };
  const stop = (): void => {
    stdin.off('end', ended);
    stdin.off('close', ended);
  };
  stdin.once('end', ended);
  stdin.once('close', ended);
  if (stdin.readableEnded || stdin.destroyed) queueMicrotask(ended);
  return stop;
}
