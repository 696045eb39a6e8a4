import { expect, test } from 'vitest';
import type { Knowledge } from './knowledge.ts';
import { createLazyKnowledge } from './lazy-knowledge.ts';

function openings(results: readonly (Error | 'opened')[]): {
  readonly open: () => Promise<Knowledge>;
  readonly count: () => number;
  readonly closed: () => number;
} {
  let count = 0;
  let closed = 0;
  return {
    open: async () => {
      const result = results[count];
      count += 1;
      if (result instanceof Error) throw result;
      return { close: async () => void (closed += 1) } as Knowledge;
    },
    count: () => count,
    closed: () => closed,
  };
}

test('nothing is opened before it is asked for, nor by the end', async () => {
  const { open, count } = openings(['opened']);
  await createLazyKnowledge(open).close();
  expect(count()).toBe(0);
});

test('calls made together share one attempt, and the end closes it', async () => {
  const { open, count, closed } = openings(['opened']);
  const lazy = createLazyKnowledge(open);
  const [one, two] = await Promise.all([lazy.open(), lazy.open()]);
  expect(one).toBe(two);
  expect(count()).toBe(1);
  await lazy.close();
  expect(closed()).toBe(1);
});

test('after a failure the next call tries again', async () => {
  const { open, count } = openings([new Error('the disk was away'), 'opened']);
  const lazy = createLazyKnowledge(open);
  await expect(lazy.open()).rejects.toThrow('the disk was away');
  await lazy.open();
  expect(count()).toBe(2);
});

test('what is being opened at the end is given up, and nothing is opened after it', async () => {
  let given: AbortSignal | undefined;
  const lazy = createLazyKnowledge((signal) => {
    given = signal;
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const opening = lazy.open();
  const closing = lazy.close();
  await expect(opening).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await closing;
  expect(given?.aborted).toBe(true);
  await expect(lazy.open()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});
