/** Texts like those of a journal: the same ones in each run. */
const words =
  'the session ended after a test run of the package with an error in the code path of a file so build the server and send a request then read the answer value by its index or query the table'.split(
    ' ',
  );

export interface JournalText {
  readonly text: string;
  readonly data: { readonly tool: string; readonly file: string } | null;
}

export function journalTexts(count: number): JournalText[] {
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, index) => ({
    // `needle` is rare, `common` is everywhere.
    text: `${Array.from({ length: 14 }, () => words[next(words.length)]).join(' ')} common ${index.toString(36)}${index % 5_000 === 0 ? ' needle' : ''}`,
    data: index % 4 === 0 ? { tool: 'Edit', file: `src/part${index}.ts` } : null,
  }));
}
