/**
 * The program of the thread that does what takes long, on a connection of its own, so that the event
 * loop of the process goes on meanwhile. It does one task after the other.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { isSessionError, type SessionError } from '../../errors/session-error.ts';
import { runTask } from './run-task.ts';
import type { LongTaskMessage, LongTaskReply, LongWorkSettings } from './long-task.ts';

if (parentPort === null) throw new Error('this is the program of a worker thread');
const port = parentPort;
const run = runTask(workerData as LongWorkSettings);

const answer = async ({ id, name, given, stop }: LongTaskMessage): Promise<LongTaskReply> => {
  try {
    return { id, ok: true, answer: await run(name, given as never, stop) };
  } catch (error) {
    return { id, ok: false, error, detail: isSessionError(error) ? detailOf(error) : null };
  }
};

const detailOf = ({ code, sessionId, reason, path, retryAfterMs }: SessionError): object => ({
  code,
  sessionId,
  reason,
  path,
  retryAfterMs,
});

const take = async (message: LongTaskMessage): Promise<void> => {
  port.postMessage(await answer(message));
  if (message.name === 'close') port.close();
};

let last: Promise<void> = Promise.resolve();
port.on('message', (message: LongTaskMessage) => {
  last = last.then(() => take(message));
});
