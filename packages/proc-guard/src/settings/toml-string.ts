import { settingsError } from './settings-node.ts';

const escapes: Record<string, string> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\u001B',
  '"': '"',
  '\\': '\\',
};

/** Reads one of TOML's four kinds of text. */
export function readTomlString(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } {
  const quote = text[start] ?? '';
  const delimiter = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  const multiline = delimiter.length === 3;
  const begin = start + delimiter.length;
  let end = begin;
  while (!text.startsWith(delimiter, end)) {
    if (end >= text.length || (!multiline && text[end] === '\n')) {
      throw settingsError(text, start, 'a text that does not end');
    }
    end += quote === '"' && text[end] === '\\' ? 2 : 1;
  }
  // A text of several lines may end with quotes of its own.
  if (multiline) {
    while (text[end + 3] === quote) end += 1;
  }
  const raw = text.slice(begin, end);
  const body = multiline ? raw.replace(/^\r?\n/, '') : raw;
  return { value: quote === '"' ? unescape(body, text, start) : body, end: end + delimiter.length };
}

function unescape(body: string, text: string, start: number): string {
  return body.replaceAll(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*\r?\n\s*)|(.))/gs,
    (_match, two?: string, four?: string, eight?: string, newline?: string, simple?: string) => {
      const hex = two ?? four ?? eight;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (newline !== undefined) return '';
      const value = escapes[simple ?? ''];
      if (value === undefined) throw settingsError(text, start, `a text with a wrong escape \\${simple}`);
      return value;
    },
  );
}
