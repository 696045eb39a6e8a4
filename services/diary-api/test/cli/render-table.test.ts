import { expect, test } from 'vitest';
import { renderTable } from '../../src/cli/render-table.ts';

const head = ['ID', 'TITLE'];
const rows = [
  ['one', 'Build the bridge over the river'],
  ['seventeen', 'Paint it'],
];

test('columns line up, and everything is there where no terminal is', () => {
  expect(renderTable(head, rows)).toEqual([
    'ID         TITLE',
    'one        Build the bridge over the river',
    'seventeen  Paint it',
  ]);
});

test('in a terminal the last column ends where the terminal does, and never all of it', () => {
  expect(renderTable(head, rows, 28)[1]).toBe('one        Build the bridge…');
  expect(renderTable(head, rows, 5)).toEqual([
    'ID         TITLE',
    'one        Build the b…',
    'seventeen  Paint it',
  ]);
});
