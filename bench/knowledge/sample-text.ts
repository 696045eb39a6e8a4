/** A generator with a seed (mulberry32), so that each run has the same texts. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables = 'ba ke lo mi nu ra se ti vo za dre fli gor pan quil stem'.split(' ');
const vocabularySize = 20_000;
const vocabulary: readonly string[] = Array.from({ length: vocabularySize }, (_, index) => {
  let word = '';
  for (let rest = index + 16; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length] ?? '';
  }
  return word;
});

/** Words as often as in language: the n-th most frequent one n times as rare as the first (Zipf). */
export function sampleWords(random: () => number, count: number): string {
  return Array.from({ length: count }, () => {
    const rank = Math.floor(vocabularySize ** random()) - 1;
    return vocabulary[rank] ?? '';
  }).join(' ');
}
