import type { Block, Chunk } from './chunk.ts';
import { cutBlock } from './cut-block.ts';

/** A page of a book is about twice as long; a paragraph a third. */
const targetCharacters = 1600;
/** A longer block is cut. */
export const maxCharacters = 2400;
/** A section that is shorter than this is joined with what follows it. */
const minCharacters = 240;

/** Joins neighbouring blocks to chunks of about the same size, and cuts the blocks that are too long. */
export function packBlocks(text: string, blocks: readonly Block[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let open: { start: number; end: number; heading: string } | undefined;
  const close = (): void => {
    if (open !== undefined) chunks.push(open);
    open = undefined;
  };
  for (const block of blocks.flatMap((each) => cutBlock(text, each, maxCharacters))) {
    if (open !== undefined) {
      const size = open.end - open.start;
      const fits = block.end - open.start <= targetCharacters;
      if (!fits || (block.opens && size >= minCharacters)) close();
    }
    open ??= { start: block.start, end: block.end, heading: block.heading };
    open.end = block.end;
  }
  close();
  return joinBlank(text, chunks);
}

/** White space is no chunk of its own: nobody could find it. */
function joinBlank(text: string, chunks: readonly Chunk[]): readonly Chunk[] {
  const joined: Chunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last !== undefined && text.slice(chunk.start, chunk.end).trim() === '') {
      joined[joined.length - 1] = { ...last, end: chunk.end };
    } else {
      joined.push(chunk);
    }
  }
  return joined;
}
