import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../src/config/settings.ts';
import { problemKinds } from '../src/http/problem/problem-codes.ts';
import { testDiary } from './support/test-diary.ts';

const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');

/** The cells of the table under a heading, without the code marks. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(new RegExp(`^#+ ${heading}$`, 'm'))[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const end = section.search(/^#+ /m);
  const inside = end < 0 ? rows : rows.filter((row) => section.indexOf(row) < end);
  return inside.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the table of problem codes is the table in the code, both ways', () => {
  const documented = tableUnder('Problems').map(([code, status, title]) => [code, Number(status), title]);
  expect(documented).toEqual(
    Object.entries(problemKinds).map(([code, { status, title }]) => [code, status, title]),
  );
});

test('the table of settings is the table in the code, both ways', () => {
  const documented = tableUnder('Configuration').map(([variable, flag, fallback]) => [
    variable,
    flag,
    fallback,
  ]);
  expect(documented).toEqual(
    Object.values(settings).map(({ variable, flag, fallback }) => [
      variable,
      flag === null ? '—' : `--${flag}`,
      fallback,
    ]),
  );
});

test('the table of routes is what the server has, both ways, with the scope that each needs', async () => {
  const { routes } = await testDiary();
  const documented = tableUnder('HTTP API').map(([route, scope]) => `${route} ${scope}`);
  const existing = routes.map(({ method, url, scope }) => `${method} ${url} ${scope}`);
  expect(documented.toSorted()).toEqual(existing.toSorted());
});
