import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CollectionDocument {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
}

export interface Query {
  readonly id: string;
  readonly text: string;
}

/** Documents, questions, and how good an answer each document is to each question (0 is none). */
export interface Collection {
  readonly documents: readonly CollectionDocument[];
  readonly queries: readonly Query[];
  /** By the question's id, then by the document's. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Reads `documents.jsonl`, `queries.jsonl` and `qrels.tsv` (question, document, gain) from a folder. */
export async function readCollection(folder: string): Promise<Collection> {
  const [documents, queries, qrels] = await Promise.all(
    ['documents.jsonl', 'queries.jsonl', 'qrels.tsv'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const judgements = new Map<string, Map<string, number>>();
  for (const line of linesOf(qrels)) {
    const [query = '', document = '', gain = ''] = line.split('\t');
    if (!Number.isFinite(Number.parseFloat(gain)))
      throw new Error(`qrels.tsv has a line without a gain: ${line}`);
    const ofQuery = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, ofQuery.set(document, Number(gain)));
  }
  return {
    documents: linesOf(documents).map((line) => JSON.parse(line) as CollectionDocument),
    queries: linesOf(queries).map((line) => JSON.parse(line) as Query),
    judgements,
  };
}

function linesOf(text = ''): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
