/**
 * The program of the thread in which the knowledge base lives: what takes long there keeps no call on a
 * session waiting, and no end of the server.
 */
import { parentPort, workerData } from 'node:worker_threads';

import type { CallOptions, Knowledge } from '../knowledge.ts';
import type { FromWorker, Method, ToWorker, WorkerSetup } from './messages.ts';
import { openKnowledgeBase } from './open-knowledge-base.ts';
import { toWire } from './wire-error.ts';

const port = parentPort;
if (port === null) throw new Error('this program runs in a worker thread only');
const send = (message: FromWorker): void => port.postMessage(message);
const running = new Map<number, AbortController>();

const call = async (
  knowledge: Knowledge,
  id: number,
  method: Method,
  args: readonly unknown[],
): Promise<void> => {
  const controller = new AbortController();
  running.set(id, controller);
  const options: CallOptions = {
    signal: controller.signal,
    onProgress: (...progress) => send({ call: id, progress }),
  };
  try {
    const run = knowledge[method] as (...all: unknown[]) => Promise<unknown>;
    send({ call: id, value: await run(...args, options) });
  } catch (error) {
    send({ call: id, error: toWire(error) });
  } finally {
    running.delete(id);
  }
};

try {
  const knowledge = await openKnowledgeBase(workerData as WorkerSetup);
  const pending = new Set<Promise<void>>();
  port.on('message', (message: ToWorker) => {
    if ('cancel' in message) {
      running.get(message.cancel)?.abort();
    } else if ('close' in message) {
      for (const controller of running.values()) controller.abort();
      void Promise.allSettled(pending)
        .then(() => knowledge.close())
        .finally(() => port.close());
    } else {
      const work = call(knowledge, message.call, message.method, message.args);
      pending.add(work);
      void work.finally(() => pending.delete(work));
    }
  });
  send({ ready: true });
} catch (error) {
  send({ failed: toWire(error) });
  port.close();
}
