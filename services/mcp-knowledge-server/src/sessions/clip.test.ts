import { assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { clip, clipLine } from './clip.ts';

test('never longer than asked, and never half a character', () => {
  assert(
    property(string({ unit: 'grapheme', maxLength: 40 }), integer({ min: 4, max: 30 }), (text, limit) => {
      const clipped = clip(text, limit);
      expect(clipped.length).toBeLessThanOrEqual(limit);
      expect(clipped.isWellFormed()).toBe(text.isWellFormed());
      expect(clipped === text).toBe(text.length <= limit);
      expect(clipped === text || clipped.endsWith('…')).toBe(true);
    }),
  );
});

test('a line has no line breaks', () => {
  expect(clipLine('  a\n\n b\t', 10)).toBe('a b');
});
