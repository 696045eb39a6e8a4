import { stopWords } from './stop-words.ts';

/** More words make a query slower, not better. */
const maxTerms = 64;
const term = /"([^"]*)"|([\p{L}\p{N}\p{M}_]+)(\*?)/gu;

/**
 * What a person has typed, as an FTS5 expression that finds any of its words. `"Quoted words"` stand
 * together, `word*` finds what begins so; everything else, FTS5's own operators included, is text.
 * Null when there is nothing to look for.
 */
export function matchExpression(query: string): string | null {
  const terms = new Set<string>();
  const common = new Set<string>();
  for (const [, phrase, word = '', star = ''] of query.matchAll(term)) {
    if (phrase !== undefined) {
      const words = phrase.match(/[\p{L}\p{N}\p{M}]+/gu);
      if (words !== null) terms.add(quote(words.join(' ')));
    } else if (/[\p{L}\p{N}]/u.test(word)) {
      const target = star === '' && stopWords.has(word.toLowerCase()) ? common : terms;
      target.add(`${quote(word)}${star === '' ? '' : ' *'}`);
    }
  }
  // A question of nothing but common words is asked as it is.
  const chosen = [...(terms.size > 0 ? terms : common)].slice(0, maxTerms);
  return chosen.length === 0 ? null : chosen.join(' OR ');
}

function quote(words: string): string {
  return `"${words}"`;
}
