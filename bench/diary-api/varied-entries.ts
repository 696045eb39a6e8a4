/** A journal's entry, as the API takes it. */
export interface VariedEntry {
  readonly type: 'message';
  readonly text: string;
  readonly data: { readonly role: 'assistant'; readonly files: readonly string[] };
}

const vocabulary = 20_000;

/**
 * Entries whose words are as common as those of a language are (Zipf's law), the same ones in each run. One text over
 * and over would make a search index of 25 words that are everywhere, which costs differently.
 */
export function variedEntries(count: number): VariedEntry[] {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const word = (): string => `w${Math.floor(vocabulary ** random()).toString(36)}`;
  return Array.from({ length: count }, () => ({
    type: 'message',
    text: Array.from({ length: 22 }, word).join(' '),
    data: { role: 'assistant', files: [`src/${word()}/${word()}.ts`, `test/${word()}.test.ts`] },
  }));
}
