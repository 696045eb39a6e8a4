import type { NewEntry } from '@endwell/session-core';

/** What the store takes in one entry is 256 KiB; this leaves room for the rest of the row. */
const MAX_ENTRY_BYTES = 240 * 1024;

/**
 * Shortens an entry until the store takes it: the longest strings are cut, with a note of how much
 * is missing, and the entry says so in `data.shortened`. Nothing smaller is touched.
 */
export function fitEntry(entry: NewEntry): NewEntry {
  const plain = withoutUndefined(entry);
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
function withoutUndefined(entry: NewEntry): NewEntry {
  return { ...entry, data: JSON.parse(JSON.stringify(entry.data ?? {})) as Record<string, unknown> };
}

function shorten(value: unknown, maxCharacters: number): unknown {
  if (typeof value === 'string') {
    if (value.length <= maxCharacters) return value;
    return `${value.slice(0, maxCharacters)}… (${value.length - maxCharacters} more characters)`;
  }
  if (Array.isArray(value)) return value.map((item) => shorten(item, maxCharacters));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item, maxCharacters)]));
}
