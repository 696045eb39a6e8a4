import { expect, test } from 'vitest';

import { isWrapper } from './is-wrapper.ts';
import { commandLines } from '../../test/support/command-lines.ts';

test.each(commandLines)('$name: $wrapper', ({ args, wrapper }) => {
  expect(isWrapper(`${args.join('\0')}\0`)).toBe(wrapper);
});

test('an empty command line, as a kernel thread has, is no wrapper', () => {
  expect(isWrapper('')).toBe(false);
});
