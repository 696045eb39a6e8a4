import type { NewEntry } from '@endwell/session-core';

/** What the store takes in one entry is 256 KiB; this leaves room for the rest of the row. */
const MAX_ENTRY_BYTES = 240 * 1024;

/** The store takes 64; the entry itself is around it. */
const MAX_DEPTH = 48;

/**
 * Makes an entry one that the store takes. What is too long is cut, the longest strings first, with a note of
 * how much is missing, and the entry says so in `data.shortened`; what is nested too deeply becomes its JSON;
 * characters that no text can have (NUL, half a surrogate pair) are replaced. Nothing else is touched.
 */
export function fitEntry(entry: NewEntry): NewEntry {
  const plain: NewEntry = {
    ...entry,
    text: typeof entry.text === 'string' ? storableText(entry.text) : entry.text,
    data: storable(entry.data ?? {}, 0) as Readonly<Record<string, unknown>>,
  };
  if (byteLength(plain) <= MAX_ENTRY_BYTES) return plain;
  for (let maxCharacters = 64 * 1024; maxCharacters >= 64; maxCharacters /= 2) {
    const shorter = shorten(plain, maxCharacters) as NewEntry;
    const marked = { ...shorter, data: { ...shorter.data, shortened: true } };
    if (byteLength(marked) <= MAX_ENTRY_BYTES) return marked;
  }
  // Not long strings but very many values: the text alone has to do.
  const { data: _data, ...rest } = shorten(plain, 64 * 1024) as NewEntry;
  return { ...rest, data: { shortened: true } };
}

function byteLength(entry: NewEntry): number {
  return Buffer.byteLength(entry.text ?? '') + Buffer.byteLength(JSON.stringify(entry.data ?? null));
}

/** Fields that a line does not have are not there, rather than undefined: the store keeps plain JSON. */
function storable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return storableText(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => storable(item ?? null, depth + 1));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[storableText(key), storable(item, depth + 1)]],
    ),
  );
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

function shorten(value: unknown, maxCharacters: number): unknown {
  if (typeof value === 'string') {
    if (value.length <= maxCharacters) return value;
    return `${value.slice(0, maxCharacters).toWellFormed()}… (${value.length - maxCharacters} more characters)`;
  }
  if (Array.isArray(value)) return value.map((item) => shorten(item, maxCharacters));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item, maxCharacters)]));
}
