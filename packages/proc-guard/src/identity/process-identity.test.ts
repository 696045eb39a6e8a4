import { expect, test } from 'vitest';

import { isProcGuardError } from '../errors/proc-guard-error.ts';
import { formatIdentity, parseIdentity, sameIdentity } from './process-identity.ts';

const identity = {
  bootId: '5b1b0e4a-4a36-4d6e-9d53-6ad2d4e1d1c5',
  pidNamespace: 4026531836,
  pid: 4711,
  startTime: 98765,
};

test('the text form goes there and back', () => {
  const text = formatIdentity(identity);
  expect(text).toBe('5b1b0e4a-4a36-4d6e-9d53-6ad2d4e1d1c5:4026531836:4711:98765');
  expect(parseIdentity(text)).toEqual(identity);
  expect(sameIdentity(parseIdentity(text), identity)).toBe(true);
});

test.each([
  '',
  'abc',
  '5b1b0e4a:1:2',
  '5b1b0e4a:1:2:3:4',
  '5b1b0e4a:1:0:3',
  '5b1b0e4a:1:-2:3',
  '5b1b0e4a:1:02:3',
  '5b1b0e4a:1:2.5:3',
  '5b1b0e4a:1:9999999999:3',
  ' 5b1b0e4a:1:2:3',
  '5b1b0e4a:1:2:3\n',
  '../../etc:1:2:3',
])('%j is refused', (text) => {
  expect(() => parseIdentity(text)).toThrow(
    expect.toSatisfy((error) => isProcGuardError(error) && error.code === 'INVALID_IDENTITY'),
  );
});
