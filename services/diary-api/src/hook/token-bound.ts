/** Letters of a word, with the space before it. */
const word = / ?[a-z]+/gy;

/**
 * More tokens than a common tokenizer makes of the text. A token has at least one byte, so bytes are a bound for
 * anything; only words are counted for less, because tokenizers know their parts.
 */
export function boundTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length;) {
    word.lastIndex = at;
    const letters = word.exec(text)?.[0].length ?? 0;
    if (letters > 0) {
      tokens += Math.min(letters, 2 + letters * 0.45);
      at += letters;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    tokens += Buffer.byteLength(character);
    at += character.length;
  }
  return Math.ceil(tokens);
}

/** As many of the lines, from the first on, as stay within the bound. */
export function takeWithinTokens(lines: readonly string[], maxTokens: number): string[] {
  const taken: string[] = [];
  let tokens = 0;
  for (const line of lines) {
    tokens += boundTokens(`${line}\n`);
    if (tokens > maxTokens) break;
    taken.push(line);
  }
  return taken;
}
