import type { SnippetPart } from './search.ts';

/** A "word" can be as long as an entry, so that words alone do not bound a snippet. */
const maxPlainLength = 160;
const maxHighlightedLength = 80;
const ellipsis = '…';

/** Keeps of each part what is next to a highlighted one. */
export function cutSnippet(parts: readonly SnippetPart[]): SnippetPart[] {
  return parts.map(({ text, highlighted }, index) => {
    if (highlighted) return { text: cutEnd(text, maxHighlightedLength), highlighted };
    if (text.length <= maxPlainLength) return { text, highlighted };
    const half = maxPlainLength / 2;
    const head = index === 0 ? '' : text.slice(0, half).toWellFormed();
    const tail = index === parts.length - 1 && index > 0 ? '' : text.slice(-half).toWellFormed();
    return { text: `${head}${ellipsis}${tail}`, highlighted };
  });
}

function cutEnd(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}${ellipsis}`;
}
