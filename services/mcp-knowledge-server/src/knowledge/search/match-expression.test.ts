import { DatabaseSync } from 'node:sqlite';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { matchExpression } from './match-expression.ts';

test.each([
  ['where is the data folder?', '"data" OR "folder"'],
  ['"data folder" is', '"data folder"'],
  ['config* file', '"config" * OR "file"'],
  ['AND OR NOT NEAR(a b, 2)', '"NEAR" OR "b" OR "2"'],
  ['title: x^2 {col} -minus +plus', '"title" OR "x" OR "2" OR "col" OR "minus" OR "plus"'],
  ['what is it', '"what" OR "is" OR "it"'],
  ['snake_case "unclosed', '"snake_case" OR "unclosed"'],
  ['?!* ""', null],
])('%s', (query, expression) => {
  expect(matchExpression(query)).toBe(expression);
});

test('whatever is typed is an expression that FTS5 takes', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE VIRTUAL TABLE words USING fts5 (text)');
  const select = database.prepare('SELECT rowid FROM words WHERE words MATCH ?');
  const typed = oneof(
    string({ unit: 'grapheme', maxLength: 80 }),
    array(
      constantFrom('"', '*', ' ', 'AND', 'OR', 'NOT', 'NEAR(', ')', '^', ':', '-', '+', "'", ';--', 'a', 'é'),
      {
        maxLength: 30,
      },
    ).map((parts) => parts.join('')),
  );
  assert(
    property(typed, (query) => {
      const expression = matchExpression(query) ?? '"nothing"';
      expect(select.all(expression)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
  database.close();
});
