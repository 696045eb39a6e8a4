import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isolatedEnvironment, programs, repositoryRoot } from './support/repository.ts';
import { runProgram } from './support/running-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Figure {
  readonly questions: string;
  readonly mode: string;
  readonly count: number;
  readonly ndcg: number;
  readonly recall: number;
}

const cranfield = join(repositoryRoot, '..', 'shared', 'data', 'cranfield');
/** All modes on the large collection take minutes: `pnpm soak retrieval`. */
const whole = process.env['RETRIEVAL_WHOLE'] === '1';

async function measure(...args: string[]): Promise<(questions: string, mode: string) => Figure> {
  const { code, output } = await runProgram(
    programs.node,
    [join(repositoryRoot, 'bench', 'retrieval', 'main.ts'), '--json', ...args],
    { cwd: repositoryRoot, env: isolatedEnvironment(await temporaryFolder()) },
  ).ended(3_000_000);
  expect(code, output).toBe(0);
  const line = output.split('\n').find((each) => each.startsWith('[{'));
  const figures = JSON.parse(line ?? '[]') as readonly Figure[];
  return (questions, mode) => {
    const figure = figures.find((each) => each.questions === questions && each.mode === mode);
    if (figure === undefined) throw new Error(`There is no figure for ${questions} and ${mode}: ${output}`);
    return figure;
  };
}

test(
  'on a small collection in everyday words, vectors find what words alone do not',
  { timeout: 600_000 },
  async () => {
    const figure = await measure(join(repositoryRoot, 'bench', 'retrieval', 'fixture'));
    expect(figure('all', 'full_text').ndcg).toBeGreaterThan(0.75);
    expect(figure('all', 'vectors').ndcg).toBeGreaterThan(0.95);
    expect(figure('all', 'hybrid').ndcg).toBeGreaterThan(figure('all', 'full_text').ndcg * 1.1);
    expect(figure('all', 'hybrid').recall).toBe(1);
  },
);

const present = existsSync(cranfield);
if (!present) {
  process.stdout.write(
    'not run: the Cranfield collection is not beside the repository (../shared/data/cranfield)\n',
  );
}

// The baseline is plain FTS5 with its porter stemmer: 0.396 and 0.453.
test.runIf(present)(
  'on the Cranfield collection, words alone are no worse than plain FTS5',
  { timeout: 1_200_000 },
  async () => {
    const figure = await measure(cranfield, '--mode', 'full_text');
    expect(figure('all', 'full_text').count).toBe(225);
    expect(figure('all', 'full_text').ndcg).toBeGreaterThanOrEqual(0.396);
    expect(figure('all', 'full_text').recall).toBeGreaterThanOrEqual(0.453);
  },
);

test.runIf(present && whole)(
  'on the questions that were not used for tuning, both together beat either alone by 5 %',
  { timeout: 3_600_000 },
  async () => {
    const figure = await measure(cranfield);
    const alone = Math.max(figure('even', 'full_text').ndcg, figure('even', 'vectors').ndcg);
    expect(figure('even', 'hybrid').ndcg).toBeGreaterThanOrEqual(alone * 1.05);
    const recall = Math.max(figure('even', 'full_text').recall, figure('even', 'vectors').recall);
    expect(figure('even', 'hybrid').recall).toBeGreaterThanOrEqual(recall * 1.05);
  },
);
