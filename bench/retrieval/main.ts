/**
 * `node bench/retrieval/main.ts [folder] [--mode full_text|vectors|hybrid …] [--json]`: measures retrieval on a
 * collection of documents, questions and judgements, through the built server's own tools. Odd-numbered
 * questions were used for tuning, so the figures that count are those of the even ones. Without a folder it
 * takes the Cranfield collection beside the repository, or, where there is none, the small one of its own.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { repositoryRoot } from '../programs.ts';
import { formatTable } from '../table.ts';
import { readCollection } from './collection.ts';
import { measureRetrieval, modes } from './measure-retrieval.ts';
import { meanQuality } from './measures.ts';

const own = join(repositoryRoot, 'bench', 'retrieval', 'fixture');
const cranfield = join(repositoryRoot, '..', 'shared', 'data', 'cranfield');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mode: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
});
const folder = positionals[0] ?? (existsSync(cranfield) ? cranfield : own);
const asked = modes.filter((mode) => values.mode === undefined || values.mode.includes(mode));

const collection = await readCollection(folder);
process.stderr.write(
  `${folder}: ${collection.documents.length} documents, ${collection.queries.length} questions\n`,
);
const answered = await measureRetrieval(collection, asked, (message) => process.stderr.write(`${message}\n`));

const numbers = new Map(collection.queries.map(({ id }, index) => [id, Number(id) || index + 1]));
const splits = {
  all: () => true,
  'odd (tuning)': (id: string) => (numbers.get(id) ?? 0) % 2 === 1,
  even: (id: string) => (numbers.get(id) ?? 0) % 2 === 0,
};
const figures = Object.entries(splits).flatMap(([questions, belongs]) =>
  asked.map((mode) => {
    const qualities = answered
      .filter((each) => each.mode === mode && belongs(each.queryId))
      .map(({ quality }) => quality);
    return { questions, mode, count: qualities.length, ...meanQuality(qualities) };
  }),
);
if (values.json) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} else {
  const rows = figures.map(({ questions, mode, count, ndcg, recall }) => {
    const alone = figures.filter((each) => each.questions === questions && each.mode !== 'hybrid');
    const gain = ndcg / Math.max(...alone.map((each) => each.ndcg)) - 1;
    return [
      questions,
      mode,
      String(count),
      ndcg.toFixed(4),
      recall.toFixed(4),
      mode === 'hybrid' && alone.length > 0 ? `${(gain * 100).toFixed(1)} %` : '',
    ];
  });
  const columns = ['questions', 'mode', 'count', 'nDCG@10', 'recall@10', 'over the better one alone'];
  process.stdout.write(`\n${formatTable({ columns, rows })}\n`);
}
