import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalProvider } from './local-provider.ts';

const { signal } = new AbortController();

/** The threads that this process starts, as Node tells of them. */
function startedThreads(): readonly Worker[] {
  const threads: Worker[] = [];
  const listener = (worker: Worker): void => void threads.push(worker);
  process.on('worker', listener);
  onTestFinished(() => void process.off('worker', listener));
  return threads;
}

test('an idle model is unloaded with its thread, and loaded again by the next text', async () => {
  const threads = startedThreads();
  const provider = createLocalProvider({ idleMs: 1 });
  onTestFinished(() => provider.close());
  expect(threads).toHaveLength(0);
  const [before] = await provider.embed(['A wren sings.'], { signal });
  expect(threads).toHaveLength(1);
  if (threads[0]?.threadId !== -1) await once(threads[0]!, 'exit');

  const [after] = await provider.embed(['A wren sings.'], { signal });
  expect(threads).toHaveLength(2);
  expect(after).toEqual(before);
});

test('what is asked together is answered by one model, which no answer of another call unloads', async () => {
  const threads = startedThreads();
  const provider = createLocalProvider({ idleMs: 20 });
  onTestFinished(() => provider.close());
  await provider.embed(['Loads the model.'], { signal });
  const long = Array.from({ length: 40 }, (_, index) => `Sentence ${index} about bearings and their wear.`);
  const [short, vectors] = await Promise.all([
    provider.embed(['A wren sings.'], { signal }),
    provider.embed(long, { signal }),
  ]);
  expect(short).toHaveLength(1);
  expect(vectors).toHaveLength(long.length);
  expect(threads).toHaveLength(1);
});

test('a closed provider has no thread left', async () => {
  const threads = startedThreads();
  const provider = createLocalProvider();
  await provider.embed(['A wren sings.'], { signal });
  await provider.close();
  expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
});
