import type { Block } from './chunk.ts';

/** Cuts a block that is too long where a reader would pause: at sentences, else lines, else words. */
export function cutBlock(text: string, block: Block, maxCharacters: number): readonly Block[] {
  if (block.end - block.start <= maxCharacters) return [block];
  const pieces: Block[] = [];
  let { start } = block;
  while (block.end - start > maxCharacters) {
    const end = findCut(text, start, start + maxCharacters, block.cut);
    pieces.push({ ...block, start, end, opens: block.opens && start === block.start });
    start = end;
  }
  pieces.push({ ...block, start, opens: false });
  return pieces;
}

const pauses = {
  sentences: [/[.!?…。！？]["'”’)\]]*\s+/gu, /\n/g, /\s+/g],
  lines: [/\n/g, /\s+/g],
} as const;

function findCut(text: string, start: number, limit: number, cut: Block['cut']): number {
  const window = text.slice(start, limit);
  for (const pattern of pauses[cut]) {
    const last = lastEnd(window, pattern);
    // A pause near the beginning would leave a crumb.
    if (last > window.length / 3) return start + last;
  }
  // A character outside the basic plane is two units that belong together.
  const unit = text.charCodeAt(limit - 1);
  return unit >= 0xd8_00 && unit <= 0xdb_ff ? limit - 1 : limit;
}

function lastEnd(window: string, pattern: RegExp): number {
  let end = 0;
  for (const match of window.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
