import type { TextFormat } from '../extraction/document-format.ts';
import type { Block, Chunk } from './chunk.ts';
import { markdownBlocks } from './markdown-blocks.ts';
import { packBlocks } from './pack-blocks.ts';
import { sourceBlocks } from './source-blocks.ts';
import { textBlocks } from './text-blocks.ts';

const blocksOf: Readonly<Record<TextFormat, (text: string) => readonly Block[]>> = {
  markdown: markdownBlocks,
  source: sourceBlocks,
  text: textBlocks,
};

/** Parts a text along its own structure into chunks that join up to the whole of it. */
export function chunkText(text: string, format: TextFormat): readonly Chunk[] {
  return packBlocks(text, blocksOf[format](text));
}
