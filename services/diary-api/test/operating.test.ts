import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemKinds } from '../src/http/problem/problem-codes.ts';
import { testDiary } from './support/test-diary.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The names of the metrics that a text mentions, without what a histogram adds to them. */
function metricsIn(text: string): Set<string> {
  const names = text.match(
    /\b(?:diary|http|process|nodejs)_[a-z_]+(?:bytes|total|seconds|sessions|ended|entries|streams)\b/g,
  );
  return new Set(names ?? []);
}

test('the operators’ page and the board name the metrics that there are, and the page names all', async () => {
  const { app } = await testDiary();
  await app.inject('/healthz');
  const served = metricsIn(
    (await app.inject('/metrics')).body
      .split('\n')
      .filter((line) => line.startsWith('# TYPE '))
      .join('\n'),
  );
  const page = await readFile(join(root, 'docs', 'operating.md'), 'utf8');
  const board = await readFile(join(root, 'examples', 'grafana', 'diary.json'), 'utf8');
  expect([...metricsIn(page)].toSorted()).toEqual([...served].toSorted());
  for (const name of metricsIn(board))
    expect(served, name).toContain(name.replace(/_(?:bucket|count|sum)$/, ''));
});

test('the board is a board, and every panel asks for something', async () => {
  const board = JSON.parse(await readFile(join(root, 'examples', 'grafana', 'diary.json'), 'utf8')) as {
    readonly title: string;
    readonly panels: readonly {
      readonly id: number;
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };
  expect(board.title).toBe('Endwell diary');
  expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  for (const { targets } of board.panels)
    expect(targets.every(({ expr }) => expr.includes('$instance'))).toBe(true);
});

test('the codes that the operators’ page explains are codes, with their status', async () => {
  const page = await readFile(join(root, 'docs', 'operating.md'), 'utf8');
  const explained = [...page.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \((\d{3})\)/gm)];
  expect(explained.length).toBeGreaterThan(3);
  for (const [, codes = '', status] of explained) {
    for (const code of codes.replaceAll('`', '').split(', ')) {
      expect(problemKinds[code as keyof typeof problemKinds]?.status, code).toBe(Number(status));
    }
  }
});

test('the routes that the operators’ page names are routes', async () => {
  const { routes } = await testDiary();
  const page = await readFile(join(root, 'docs', 'operating.md'), 'utf8');
  const named = [...page.matchAll(/`(GET|POST|DELETE) (\/api\/v1\/[^`?]+)/g)];
  expect(named.length).toBeGreaterThan(3);
  for (const [, method, path = ''] of named) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
    expect(
      routes.some((route) => route.method === method && route.url === url),
      `${method} ${url}`,
    ).toBe(true);
  }
});
