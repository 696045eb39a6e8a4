import type { RankedChunk } from './ranked-chunk.ts';
import { stopWords } from './stop-words.ts';

export interface TextChunk extends RankedChunk {
  readonly text: string;
}

/** How many of the words of the best chunks are asked for too. */
const expansionWords = 30;
/** The usual constants of BM25. */
const saturation = 1.2;
const lengthShare = 0.75;

/**
 * Pseudo-relevance feedback: ranks a pool of candidates by the words of the question and by those that set
 * the best of them apart, each in proportion. How rare a word is, the pool itself tells, so that nothing
 * but its own texts is read.
 */
export function rankByFeedback(
  query: string,
  pool: readonly TextChunk[],
  best: ReadonlySet<number>,
): readonly RankedChunk[] {
  const counted = pool.map(({ chunkKey, text }) => ({ chunkKey, ...countWords(text) }));
  const chunksWith = new Map<string, number>();
  for (const { counts } of counted) {
    for (const word of counts.keys()) chunksWith.set(word, (chunksWith.get(word) ?? 0) + 1);
  }
  const rarity = (word: string): number => {
    const having = chunksWith.get(word) ?? 0;
    return Math.log(1 + (pool.length - having + 0.5) / (having + 0.5));
  };
  const weights = expand(
    counted.filter(({ chunkKey }) => best.has(chunkKey)),
    rarity,
  );
  for (const word of countWords(query).counts.keys()) weights.set(word, (weights.get(word) ?? 0) + 1);
  const averageLength = counted.reduce((sum, { length }) => sum + length, 0) / pool.length;
  return counted
    .map(({ chunkKey, counts, length }) => {
      let score = 0;
      const norm = saturation * (1 - lengthShare + (lengthShare * length) / averageLength);
      for (const [word, weight] of weights) {
        const count = counts.get(word);
        if (count !== undefined) {
          score += (weight * rarity(word) * count * (saturation + 1)) / (count + norm);
        }
      }
      return { chunkKey, score };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
}

/** The words that set some chunks apart; the first weighs 1. */
function expand(chunks: readonly CountedWords[], rarity: (word: string) => number): Map<string, number> {
  const scores = new Map<string, number>();
  for (const { counts, length } of chunks) {
    for (const [word, count] of counts) {
      scores.set(word, (scores.get(word) ?? 0) + (count / length) * rarity(word));
    }
  }
  const words = [...scores].toSorted(([, a], [, b]) => b - a).slice(0, expansionWords);
  const [first] = words;
  return new Map(words.map(([word, score]) => [word, score / (first?.[1] ?? 1)]));
}

interface CountedWords {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Most of the time of a ranking is spent here: each word is looked at once per text, not once per place. */
function countWords(text: string): CountedWords {
  const places = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []) {
    places.set(word, (places.get(word) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  let length = 0;
  for (const [word, count] of places) {
    const stem = stemOf(word);
    if (stem === undefined) continue;
    counts.set(stem, (counts.get(stem) ?? 0) + count);
    length += count;
  }
  return { counts, length };
}

/** The stems of the words that have been met; texts of one collection share most of theirs. */
const stems = new Map<string, string | undefined>();
const maxStems = 50_000;

/**
 * Enough to count `wing` and `wings` as one; the index has the real stemmer. Undefined for a word that says
 * nothing.
 */
function stemOf(word: string): string | undefined {
  if (stems.has(word)) return stems.get(word);
  if (stems.size >= maxStems) stems.clear();
  const silent = stopWords.has(word) || /^\p{N}+$/u.test(word);
  const stem = word.length > 4 ? word.replace(/(?:ings?|edly|ed|ies|es|ly|s)$/, '') : word;
  stems.set(word, silent ? undefined : stem);
  return silent ? undefined : stem;
}
