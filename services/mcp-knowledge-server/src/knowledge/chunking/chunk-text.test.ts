import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TextFormat } from '../extraction/document-format.ts';
import { chunkText } from './chunk-text.ts';

const formats: readonly TextFormat[] = ['markdown', 'text', 'source'];

function parts(text: string, format: TextFormat): readonly { heading: string; text: string }[] {
  return chunkText(text, format).map(({ start, end, heading }) => ({
    heading,
    text: text.slice(start, end),
  }));
}

describe('the chunks of a text', () => {
  const pieces = constantFrom(
    '# A',
    '```',
    '~~~',
    'word',
    '. ',
    '\n',
    '\n\n',
    '\r\n',
    '\f',
    '===',
    '  x',
    '😀',
  );
  test.each(formats)('join up to the whole of it, and are never too long: %s', (format) => {
    assert(
      property(array(oneof(pieces, string()), { maxLength: 60 }), nat(60), (words, times) => {
        const text = words.join('').repeat(times);
        const chunks = chunkText(text, format);
        expect(chunks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        for (const { start, end } of chunks) expect(end - start).toBeGreaterThan(0);
        for (const chunk of chunks) {
          // White space is given to the chunk before it.
          expect(text.slice(chunk.start, chunk.end).trimEnd().length).toBeLessThanOrEqual(2400);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of Markdown begin at headings, and know the headings above them', () => {
    const paragraph = 'Words that fill a paragraph until it is long enough to stand alone. '.repeat(5);
    const text = `# Guide\n\n${paragraph}\n\n## Install\n\n${paragraph}\n\nLinux\n-----\n\n${paragraph}\n`;
    expect(parts(text, 'markdown').map(({ heading, text: part }) => [heading, part.split('\n')[0]])).toEqual([
      ['Guide', '# Guide'],
      ['Guide > Install', '## Install'],
      ['Guide > Linux', 'Linux'],
    ]);
  });

  test('of Markdown do not tear a code fence, nor see headings in it', () => {
    const fence = `\`\`\`sh\n${'# not a heading\n\necho hello\n'.repeat(40)}\`\`\`\n`;
    const text = `# Guide\n\n${'Text. '.repeat(200)}\n\n${fence}\nAfter.\n`;
    const chunks = parts(text, 'markdown');
    expect(chunks.filter(({ text: part }) => part.includes(fence))).toHaveLength(1);
    expect(new Set(chunks.map(({ heading }) => heading))).toEqual(new Set(['Guide']));
  });

  test('of a program are whole definitions, under the first line of each', () => {
    const definition = (name: string): string =>
      `/** Does ${name}. */\nexport function ${name}() {\n${'  step();\n'.repeat(60)}\n  return 1;\n}\n\n`;
    const chunks = parts(`${definition('one')}${definition('two')}${definition('three')}`, 'source');
    expect(chunks.map(({ heading }) => heading)).toEqual([
      'export function one() {',
      'export function two() {',
      'export function three() {',
    ]);
    for (const { text } of chunks) expect(text).toMatch(/^\/\*\*[\s\S]+\}\s+$/);
  });

  test('of a text end with a sentence, and are told by their page', () => {
    const long = 'A sentence that says something about the matter at hand. '.repeat(100);
    for (const { text } of parts(long, 'text')) expect(text).toMatch(/hand\. $/);
    expect(parts(`First page.\n\fSecond page. ${long}`, 'text').map(({ heading }) => heading)).toEqual(
      expect.arrayContaining(['page 1', 'page 2']),
    );
  });
});
