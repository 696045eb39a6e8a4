import { expect, test } from 'vitest';
import { parseEmbeddings } from './parse-embeddings.ts';

test.each([
  ['local', { kind: 'local' }],
  ['off', { kind: 'off' }],
  [
    'http://127.0.0.1:11434/api/embed#nomic-embed-text',
    { kind: 'http', url: 'http://127.0.0.1:11434/api/embed', model: 'nomic-embed-text', dialect: 'ollama' },
  ],
  [
    'https://models.example/v1/embeddings#org%2Fmodel',
    { kind: 'http', url: 'https://models.example/v1/embeddings', model: 'org/model', dialect: 'openai' },
  ],
  ['ftp://127.0.0.1/x#m', undefined],
  ['http://127.0.0.1/v1/embeddings', undefined],
  ['http://user:secret@127.0.0.1/v1#m', undefined],
  ['remote', undefined],
  ['', undefined],
])('%s', (text, setting) => {
  expect(parseEmbeddings(text)).toEqual(setting);
});
