/**
 * `node bench/retrieval/main.ts [folder]`: measures retrieval on a collection of documents, questions and
 * judgements, through the built server's own tools. Odd-numbered questions were used for tuning, so the
 * figures that count are those of the even ones. Without a folder it takes the Cranfield collection beside the
 * repository, or, where there is none, the small collection of its own.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { repositoryRoot } from '../programs.ts';
import { formatTable } from '../table.ts';
import { readCollection } from './collection.ts';
import { measureRetrieval, modes } from './measure-retrieval.ts';
import { meanQuality } from './measures.ts';

const own = join(repositoryRoot, 'bench', 'retrieval', 'fixture');
const cranfield = join(repositoryRoot, '..', 'shared', 'data', 'cranfield');
const folder = process.argv[2] ?? (existsSync(cranfield) ? cranfield : own);

const collection = await readCollection(folder);
process.stdout.write(
  `${folder}: ${collection.documents.length} documents, ${collection.queries.length} questions\n`,
);
const answered = await measureRetrieval(collection, (message) => process.stderr.write(`${message}\n`));

const numbers = new Map(collection.queries.map(({ id }, index) => [id, Number(id) || index + 1]));
const splits = {
  all: () => true,
  'odd (tuning)': (id: string) => (numbers.get(id) ?? 0) % 2 === 1,
  even: (id: string) => (numbers.get(id) ?? 0) % 2 === 0,
};
const rows = Object.entries(splits).flatMap(([split, belongs]) => {
  const qualities = modes.map((mode) => ({
    mode,
    count: answered.filter((each) => each.mode === mode && belongs(each.queryId)).length,
    ...meanQuality(
      answered.filter((each) => each.mode === mode && belongs(each.queryId)).map(({ quality }) => quality),
    ),
  }));
  const alone = Math.max(...qualities.filter(({ mode }) => mode !== 'hybrid').map(({ ndcg }) => ndcg));
  return qualities.map(({ mode, count, ndcg, recall }) => [
    split,
    mode,
    String(count),
    ndcg.toFixed(4),
    recall.toFixed(4),
    mode === 'hybrid' ? `${((ndcg / alone - 1) * 100).toFixed(1)} %` : '',
  ]);
});
process.stdout.write(
  `\n${formatTable({ columns: ['questions', 'mode', 'count', 'nDCG@10', 'recall@10', 'over the better one alone'], rows })}\n`,
);
