import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import { programs } from '../programs.ts';
import type { Collection } from './collection.ts';
import { type Quality, qualityOf } from './measures.ts';

export const modes = ['full_text', 'vectors', 'hybrid'] as const;

export type Mode = (typeof modes)[number];

/** How well one question was answered in one mode. */
export interface Answered {
  readonly queryId: string;
  readonly mode: Mode;
  readonly quality: Quality;
}

/** Calls in flight at a time; the server stores and embeds one after the other. */
const parallel = 4;

/** Ingests a collection through the server's own tool, and asks its questions through the search tool. */
export async function measureRetrieval(
  collection: Collection,
  asked: readonly Mode[],
  onProgress: (message: string) => void,
): Promise<readonly Answered[]> {
  const home = await mkdtemp(join(tmpdir(), 'endwell-retrieval-'));
  const client = new Client({ name: 'retrieval', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: programs.node,
      args: [programs.knowledgeServer],
      env: {
        PATH: process.env['PATH'] ?? '',
        ENDWELL_HOME: home,
        // The words alone need no vectors, and a large collection is stored sooner without.
        ENDWELL_EMBEDDINGS: asked.every((mode) => mode === 'full_text') ? 'off' : 'local',
      },
      stderr: 'inherit',
    }),
  );
  try {
    const call = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
      const result = await client.callTool({ name, arguments: args }, { timeout: 600_000 });
      if (result.isError === true) throw new Error(`${name} failed: ${JSON.stringify(result.content)}`);
      return result.structuredContent as Record<string, unknown>;
    };
    // What has no text cannot be found by anybody.
    const documents = collection.documents.filter(({ text }) => text.trim() !== '');
    const empty = collection.documents.length - documents.length;
    if (empty > 0) onProgress(`${empty} documents have no text and are left out`);
    let done = 0;
    await inParallel(documents, async ({ id, title, text }) => {
      const answer = await call('ingest_document', {
        source: id,
        ...(title === undefined || title.trim() === '' ? {} : { title }),
        content: text,
        format: 'text',
      });
      const problem = answer['embeddings_problem'];
      if (problem !== undefined) throw new Error(`no vectors: ${JSON.stringify(problem)}`);
      done += 1;
      if (done % 200 === 0) onProgress(`${done} of ${documents.length} documents ingested`);
    });
    const answered: Answered[] = [];
    for (const mode of asked) {
      await inParallel(collection.queries, async ({ id, text }) => {
        const gains = collection.judgements.get(id) ?? new Map<string, number>();
        const answer = await call('search_documents', { query: text, mode, limit: 10 });
        if (answer['mode'] !== mode)
          throw new Error(`asked for ${mode}, answered in ${JSON.stringify(answer['mode'])}`);
        const results = answer['results'] as readonly { readonly source: string }[];
        const quality = qualityOf(
          results.map(({ source }) => source),
          gains,
        );
        if (quality !== undefined) answered.push({ queryId: id, mode, quality });
      });
      onProgress(`${collection.queries.length} questions asked in mode ${mode}`);
    }
    return answered;
  } finally {
    await client.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
