/** Text of at most `maxCharacters`, with a mark where something was left out. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  // Never half of a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxCharacters - 2)) ? maxCharacters - 2 : maxCharacters - 1;
  return `${text.slice(0, end)}…`;
}

/** The same on one line. */
export function clipLine(text: string, maxCharacters: number): string {
  return clip(text.replace(/\s+/g, ' ').trim(), maxCharacters);
}
