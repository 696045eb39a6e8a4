import type { Block } from './chunk.ts';
import { linesOf } from './lines-of.ts';

const atxHeading = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/;
const setextUnderline = /^ {0,3}(=+|-{2,})\s*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Sections, paragraphs and code fences, as CommonMark tells them apart, with the path of headings that
 * each stands under. A fence is one block, whatever is in it.
 */
export function markdownBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const path: string[] = [];
  let open: { start: number; end: number; lines: number; opens: boolean; cut: Block['cut'] } | undefined;
  let fenceMark: string | undefined;

  const close = (): void => {
    if (open === undefined) return;
    const { start, end, opens, cut } = open;
    blocks.push({ start, end, opens, cut, heading: path.filter(Boolean).join(' > ') });
    open = undefined;
  };
  const enter = (level: number, title: string): void => {
    path.length = Math.min(path.length, level - 1);
    while (path.length < level - 1) path.push('');
    path.push(title.trim().slice(0, maxHeading));
  };

  for (const line of linesOf(text)) {
    const extend = (cut: Block['cut'] = 'sentences', opens = false): void => {
      open ??= { start: line.start, end: line.end, lines: 0, opens, cut };
      open.end = line.end;
      open.lines += 1;
    };
    if (fenceMark !== undefined) {
      extend('lines');
      const mark = fence.exec(line.text)?.[1];
      if (mark?.startsWith(fenceMark) === true && line.text.trim() === mark) {
        fenceMark = undefined;
        close();
      }
      continue;
    }
    const opening = fence.exec(line.text)?.[1];
    if (opening !== undefined) {
      close();
      fenceMark = opening;
      extend('lines');
      continue;
    }
    const atx = atxHeading.exec(line.text);
    if (atx !== null) {
      close();
      enter(atx[1]?.length ?? 1, atx[2] ?? '');
      extend('sentences', true);
      close();
      continue;
    }
    const underline = setextUnderline.exec(line.text);
    if (underline !== null && open !== undefined && open.lines === 1) {
      const title = text.slice(open.start, open.end);
      if (title.trim() !== '') {
        extend();
        open.opens = true;
        enter(underline[1]?.startsWith('=') === true ? 1 : 2, title);
        close();
        continue;
      }
    }
    extend();
    // The blank line belongs to the paragraph that it ends.
    if (line.text.trim() === '') close();
  }
  close();
  return blocks;
}

const maxHeading = 200;
