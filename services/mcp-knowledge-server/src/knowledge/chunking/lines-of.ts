export interface Line {
  readonly start: number;
  /** After its line feed. */
  readonly end: number;
  /** Without its end, also of the kind `\r\n`. */
  readonly text: string;
}

/** The lines of a text with their places; together they are the whole text. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    yield { start, end, text: text.slice(start, end).replace(/\r?\n$/, '') };
    start = end;
  }
}
