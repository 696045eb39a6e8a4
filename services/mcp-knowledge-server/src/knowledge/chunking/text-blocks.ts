import type { Block } from './chunk.ts';
import { linesOf } from './lines-of.ts';

/** Paragraphs: what stands between blank lines. A form feed begins a page. */
export function textBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let page = 1;
  let pages = false;
  let start = 0;
  let end = 0;
  const close = (opens: boolean): void => {
    if (end === start) return;
    blocks.push({ start, end, opens, cut: 'sentences', heading: pages ? `page ${page}` : '' });
    start = end;
  };
  let opens = false;
  pages = text.includes(pageBreak);
  for (const line of linesOf(text)) {
    if (line.text.startsWith(pageBreak)) {
      close(opens);
      page += 1;
      opens = true;
    }
    end = line.end;
    if (line.text.trim() === '') {
      close(opens);
      opens = false;
    }
  }
  close(opens);
  return blocks;
}

export const pageBreak = '\f';
