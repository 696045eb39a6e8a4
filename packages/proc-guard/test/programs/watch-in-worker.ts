/** Watches one process from a Worker, which is terminated after it has been told. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { readIdentity, watchProcess, type ProcessIdentity } from '../../src/index.ts';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
  worker.on('message', (message: { state?: string }) => {
    console.log(JSON.stringify(message));
    if (message.state !== undefined) void worker.terminate();
  });
  worker.once('exit', () => console.log(JSON.stringify('terminated')));
} else {
  const identity = JSON.parse(workerData as string) as ProcessIdentity;
  const watch = watchProcess(identity, (end) => parentPort?.postMessage(end, []));
  // A second watch is still open when the Worker is terminated.
  const parent = readIdentity(process.ppid);
  if (parent !== undefined) watchProcess(parent, () => undefined);
  setInterval(() => undefined, 60_000);
  parentPort?.postMessage(watch.describe(), []);
}
