import type { Block } from './chunk.ts';
import { linesOf } from './lines-of.ts';

const blank = /^\s*$/;
/** Begins at the margin and is no closing bracket: most likely a definition, or the comment before one. */
const atMargin = /^[^\s)}\]]/;
const comment = /^(?:\/\/|\/\*|\*|#(?!include|define|if|\[)|--|;|"""|''')/;
const maxHeading = 120;

/**
 * The definitions of a program, told by blank lines and by what begins at the margin: right for most
 * languages, and harmless for the others. A chunk stands under the first line of code in it.
 */
export function sourceBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { start: number; end: number; opens: boolean; heading: string } | undefined;
  let afterBlank = true;
  const close = (): void => {
    if (open !== undefined) blocks.push({ ...open, cut: 'lines' });
    open = undefined;
  };
  for (const line of linesOf(text)) {
    const isBlank = blank.test(line.text);
    if (afterBlank && !isBlank) close();
    open ??= { start: line.start, end: line.end, opens: atMargin.test(line.text), heading: '' };
    open.end = line.end;
    const code = line.text.trim();
    if (open.heading === '' && code !== '' && !comment.test(code)) open.heading = code.slice(0, maxHeading);
    afterBlank = isBlank;
  }
  close();
  return blocks;
}
