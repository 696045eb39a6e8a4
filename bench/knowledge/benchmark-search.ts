import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { getLoadablePath } from 'sqlite-vec';

import type { BenchmarkOptions } from '../benchmarks.ts';
import { programs } from '../programs.ts';
import { formatSummary, type Summary, summarize } from '../samples.ts';
import type { Table } from '../table.ts';
import { sampleWords, seededRandom } from './sample-text.ts';
import { startVectorEndpoint, vectorOf } from './vector-endpoint.ts';

const wordsPerChunk = 180;
/** As deep as the server looks in each ranking. */
const depth = 100;

interface Search {
  readonly name: string;
  readonly run: (query: string) => Promise<void> | void;
}

/**
 * The server's search tool over a real client, beside the two queries that it cannot do without: the same
 * words in FTS5 and the same vector in sqlite-vec, on the same store. Then the same in a project that has a
 * tenth of the chunks.
 */
export async function benchmarkSearch({ small }: BenchmarkOptions): Promise<Table> {
  const chunks = small ? 2000 : 100_000;
  const rounds = small ? 5 : 40;
  const home = await mkdtemp(join(tmpdir(), 'endwell-search-'));
  await using endpoint = await startVectorEndpoint();
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: programs.node,
      args: [programs.knowledgeServer],
      env: {
        PATH: process.env['PATH'] ?? '',
        ENDWELL_HOME: home,
        ENDWELL_EMBEDDINGS: `${endpoint.url}#bench`,
      },
      stderr: 'inherit',
    }),
  );
  try {
    await fill(client, chunks);
    using bare = openBare(join(home, 'endwell.db'));
    const ask =
      (args: Record<string, unknown>) =>
      async (query: string): Promise<void> => {
        const { structuredContent } = await client.callTool({
          name: 'search_documents',
          arguments: { query, ...args },
        });
        const { mode, results } = structuredContent as { mode: string; results: readonly unknown[] };
        if (mode !== 'hybrid' || results.length === 0) throw new Error(`The search answered in ${mode}.`);
      };
    const searches: readonly Search[] = [
      { name: 'bare FTS5', run: (query) => bare.words(query) },
      { name: 'bare vectors', run: (query) => bare.vectors(query) },
      { name: 'search_documents', run: ask({ all_projects: true }) },
      { name: 'bare FTS5, a tenth', run: (query) => bare.words(query, bare.tenth) },
      { name: 'bare vectors, a tenth', run: (query) => bare.vectors(query, bare.tenth) },
      { name: 'search_documents, a tenth', run: ask({ project: 'tenth' }) },
    ];
    const summaries = await measure(searches, rounds);
    return tableOf(summaries, chunks);
  } finally {
    await client.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ingests through the server's own tool, a tenth of the chunks into a project of its own. */
async function fill(client: Client, chunks: number): Promise<void> {
  const random = seededRandom(7);
  const perDocument = 500;
  for (let document = 0; document < chunks / perDocument; document += 1) {
    const content = Array.from({ length: perDocument }, () => `${sampleWords(random, wordsPerChunk)}.`).join(
      '\n\n',
    );
    const {
      structuredContent,
      isError,
      content: message,
    } = await client.callTool(
      {
        name: 'ingest_document',
        arguments: {
          source: `document/${document}`,
          content,
          project: document % 10 === 0 ? 'tenth' : 'rest',
        },
      },
      { timeout: 600_000 },
    );
    if (isError === true) throw new Error(JSON.stringify(message));
    const { chunks: stored, embeddings_problem: problem } = structuredContent as {
      chunks: number;
      embeddings_problem?: string;
    };
    if (stored !== perDocument || problem !== undefined)
      throw new Error(`${stored} chunks; ${problem ?? ''}`);
  }
}

interface Bare extends Disposable {
  /** The key of the project with a tenth of the chunks. */
  readonly tenth: number;
  readonly words: (query: string, project?: number) => void;
  readonly vectors: (query: string, project?: number) => void;
}

function openBare(path: string): Bare {
  const database = new DatabaseSync(path, { readOnly: true, allowExtension: true });
  database.loadExtension(getLoadablePath());
  const project = database.prepare("SELECT project_key FROM knowledge_projects WHERE name = 'tenth'").get();
  const tenth = Number(project?.['project_key']);
  const words = database.prepare(
    'SELECT rowid FROM chunk_index WHERE chunk_index MATCH ? ORDER BY rank LIMIT ?',
  );
  // What the library offers without knowledge of our keys: all that match, then those of the project.
  const wordsOf = database.prepare(
    `SELECT chunk_index.rowid FROM chunk_index JOIN chunks ON chunks.chunk_key = chunk_index.rowid
       JOIN documents USING (document_key)
     WHERE chunk_index MATCH ? AND project_key = ? ORDER BY rank LIMIT ?`,
  );
  const vectors = database.prepare(
    'SELECT chunk_key, distance FROM chunk_vectors_1 WHERE embedding MATCH ? AND k = ? ORDER BY distance',
  );
  const vectorsOf = database.prepare(
    `SELECT chunk_key, distance FROM chunk_vectors_1
     WHERE embedding MATCH ? AND project_key = ? AND k = ? ORDER BY distance`,
  );
  const check = (rows: readonly unknown[]): void => {
    if (rows.length === 0) throw new Error('A bare query found nothing.');
  };
  return {
    tenth,
    words(query, key) {
      const expression = query
        .split(' ')
        .map((word) => `"${word}"`)
        .join(' OR ');
      check(key === undefined ? words.all(expression, depth) : wordsOf.all(expression, key, depth));
    },
    vectors(query, key) {
      const vector = new Uint8Array(vectorOf(query).buffer);
      check(
        key === undefined
          ? vectors.all(vector, BigInt(depth))
          : vectorsOf.all(vector, BigInt(key), BigInt(depth)),
      );
    },
    [Symbol.dispose]: () => database.close(),
  };
}

async function measure(searches: readonly Search[], rounds: number): Promise<ReadonlyMap<string, Summary>> {
  const random = seededRandom(11);
  const samples = new Map<string, number[]>(searches.map(({ name }) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    const query = sampleWords(random, 6);
    for (const { name, run } of searches) {
      const start = performance.now();
      await run(query);
      // The first rounds fill the caches.
      if (round >= 0) samples.get(name)?.push(performance.now() - start);
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, summarize(taken)]));
}

function tableOf(summaries: ReadonlyMap<string, Summary>, chunks: number): Table {
  const of = (name: string): Summary => {
    const summary = summaries.get(name);
    if (summary === undefined) throw new Error(`${name} was not measured.`);
    return summary;
  };
  const sum = (suffix: string): number =>
    of(`bare FTS5${suffix}`).median + of(`bare vectors${suffix}`).median;
  const whole = of('search_documents').median;
  return {
    columns: [
      `search in ${chunks} chunks`,
      'median (p10–p90)',
      'times the sum of the bare two',
      'times the whole',
    ],
    rows: [...summaries].map(([name, summary]) => {
      const suffix = name.endsWith(', a tenth') ? ', a tenth' : '';
      const isSearch = name.startsWith('search_documents');
      return [
        name,
        formatSummary(summary, 'ms', 1),
        isSearch ? (summary.median / sum(suffix)).toFixed(2) : '',
        isSearch ? (summary.median / whole).toFixed(2) : '',
      ];
    }),
  };
}
