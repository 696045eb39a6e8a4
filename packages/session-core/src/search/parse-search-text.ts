import { SessionError } from '../errors/session-error.ts';

/** One word, or several that must follow each other. */
export interface SearchTerm {
  readonly words: string;
  /** The last word may go on. */
  readonly prefix: boolean;
}

/** Each costs a look into the index, and SQLite bounds the depth of an expression. */
const maxTerms = 64;

/** What the index knows as part of a word; the rest only separates. */
const wordCharacter = /[\p{L}\p{N}\p{Co}]/u;

/**
 * Takes apart what a person typed. A quotation mark without a second one is an ordinary character,
 * and what holds no letter or digit is left out, as the index does not have it either.
 *
 * @throws SessionError `INVALID_OPTIONS` with more than 64 terms
 */
export function parseSearchText(text: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const [, phrase, star, word] of text.matchAll(/"([^"]*)"(\*?)|(\S+)/gu)) {
    const given = phrase ?? word ?? '';
    if (!wordCharacter.test(given)) continue;
    const prefix = phrase === undefined ? given.endsWith('*') : star === '*';
    terms.push({ words: given, prefix });
  }
  if (terms.length > maxTerms) {
    throw new SessionError('INVALID_OPTIONS', `text: at most ${maxTerms} words or phrases`, { path: 'text' });
  }
  return terms;
}
