import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRedactor, REDACTION_KINDS, type RedactionKind } from '../../src/index.ts';
import { plainTexts, secretTexts } from './labelled-set.ts';

const redactor = createRedactor();
const token = ['gh', 'p_', 'a1B2'.repeat(9)].join('');

describe('a redactor', () => {
  it('puts a marker in place of what it finds, and says where that was', () => {
    const text = `use ${token} now, password: "Xk3!x9qLm2" too`;
    const { text: redacted, found } = redactor.redact(text);
    expect(redacted).toBe('use [redacted:github-token] now, password: "[redacted:named-value]" too');
    expect(found.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toStrictEqual([
      ['github-token', token],
      ['named-value', 'Xk3!x9qLm2'],
    ]);
    expect(redactor.test(text)).toStrictEqual(found);
    expect(redactor.redact('nothing here')).toStrictEqual({ text: 'nothing here', found: [] });
  });

  it('goes through JSON by the names of its keys and by what its texts hold', () => {
    const value = {
      user: 'ann',
      password: 'tulipfield',
      pin: 1234,
      passcode: 1234,
      nested: [{ clientSecret: 'abc', max_tokens: 4096, tokens: ['a', 'b'], note: `has ${token}` }],
      credentials: { name: 'ann', id: 7, deep: ['x'] },
      token: '',
      pwd: '/srv/shop',
      nothing: null,
      [token]: true,
    };
    const before = structuredClone(value);
    expect(redactor.redactValue(value)).toStrictEqual({
      user: 'ann',
      password: '[redacted:named-value]',
      pin: 1234,
      passcode: '[redacted:named-value]',
      nested: [
        {
          clientSecret: '[redacted:named-value]',
          max_tokens: 4096,
          tokens: ['a', 'b'],
          note: 'has [redacted:github-token]',
        },
      ],
      credentials: { name: '[redacted:named-value]', id: 7, deep: ['[redacted:named-value]'] },
      token: '',
      pwd: '/srv/shop',
      nothing: null,
      '[redacted:github-token]': true,
    });
    expect(value).toStrictEqual(before);
  });

  it('recognises what it is told to, and names of one’s own', () => {
    const narrow = createRedactor({ kinds: ['url-password'], names: ['badge'] });
    expect(narrow.redact(`${token} ftp://a:bcdef@host`).text).toBe(
      `${token} ftp://a:[redacted:url-password]@host`,
    );
    expect(narrow.redactValue({ badge: 'x' })).toStrictEqual({ badge: 'x' });
    expect(createRedactor({ names: ['badge'] }).redactValue({ Badge: 'x' })).toStrictEqual({
      Badge: '[redacted:named-value]',
    });
    expect(() => createRedactor({ kinds: ['everything' as RedactionKind] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    );
  });

  it('finds every kind that it says it knows, and the README names them', () => {
    const found = new Set(secretTexts.flatMap(({ text }) => redactor.test(text).map(({ kind }) => kind)));
    expect([...found].toSorted()).toStrictEqual([...REDACTION_KINDS].toSorted());
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const named = [...readme.matchAll(/^\| `([a-z]+(?:-[a-z]+)+)` +\|/gm)].map((match) => match[1]);
    expect(named).toStrictEqual([...REDACTION_KINDS]);
  });
});

describe('whatever the text', () => {
  const fragments =
    '-----BEGIN PRIVATE KEY-----|eyJ|sk-ant-|://|:|@|="|"|\\|password|token=| is |bearer |--|Cookie: a=|\n|é|😀|[redacted:|]|secret|Authorization: '.split(
      '|',
    );
  const pieces = [...secretTexts, ...plainTexts].map((each) => each.text).concat(fragments);
  const text = array(oneof(constantFrom(...pieces), string({ unit: 'grapheme' })), {
    maxLength: 12,
  });

  it('what is left is what was there, in order, and a second time finds nothing new', () => {
    assert(
      property(text, (parts) => {
        const given = parts.join('');
        const { text: redacted, found } = redactor.redact(given);
        let [done, expected] = [0, ''];
        for (const { kind, start, end } of found) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          expected += `${given.slice(done, start)}[redacted:${kind}]`;
          done = end;
        }
        expect(redacted).toBe(expected + given.slice(done));
        expect(redacted.isWellFormed()).toBe(given.isWellFormed());
      }),
      { numRuns: 500 },
    );
  });

  it('time grows with its length only: a mebibyte of any piece, over and over, is no trouble', () => {
    // Something quadratic would not be done within the test's minutes.
    for (const piece of [
      ...fragments,
      'a',
      '-',
      '_',
      'a-',
      'eyJa.',
      'eyJ-',
      'x:y@',
      '://a:',
      'pass',
      'key=',
      'AIza',
    ]) {
      const long = piece.repeat(Math.ceil(2 ** 20 / piece.length));
      expect(redactor.redact(long).text.length).toBeGreaterThan(0);
    }
  });
});
