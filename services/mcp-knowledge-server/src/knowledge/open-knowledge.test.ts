import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { openKnowledge, type OpenKnowledgeOptions } from './open-knowledge.ts';

const ignore = (): void => {};

async function given(): Promise<
  OpenKnowledgeOptions & { readonly folder: string; readonly threads: Worker[] }
> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-knowledge-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const threads: Worker[] = [];
  const listener = (worker: Worker): void => void threads.push(worker);
  process.on('worker', listener);
  onTestFinished(() => void process.off('worker', listener));
  return {
    folder,
    threads,
    path: join(folder, 'endwell.db'),
    embeddings: 'off',
    roots: [],
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  };
}

test('closed in the middle of an ingest, its thread ends and the database is closed', async () => {
  const { folder, threads, ...options } = await given();
  const knowledge = await openKnowledge(options);
  const text = 'A paragraph about bearings, load and wear.\n\n'.repeat(20_000);
  const ingest = knowledge.ingestText(
    { project: null, title: 'Long', text, tags: [], source: 'long' },
    { signal: new AbortController().signal },
  );
  const [ingested] = await Promise.allSettled([ingest, knowledge.close()]);
  expect(ingested.status).toBe('rejected');
  await expect.poll(() => threads.map(({ threadId }) => threadId), { timeout: 20_000 }).toEqual([-1]);
  expect(await readdir(folder)).toEqual(['endwell.db']);
});

test('given up while it opens, it says why, and nothing is left running', async () => {
  const { folder: _, threads, ...options } = await given();
  const ending = new AbortController();
  const opening = openKnowledge({ ...options, signal: ending.signal });
  ending.abort(new Error('no longer needed'));
  await expect(opening).rejects.toThrow('no longer needed');
  await expect.poll(() => threads.map(({ threadId }) => threadId), { timeout: 20_000 }).toEqual([-1]);
});
