import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { pageBreak } from '../chunking/text-blocks.ts';

/** As many as a thick book has. */
const maxPages = 5000;

export interface ReadablePdf {
  readonly title: string | undefined;
  /** A form feed stands before each page but the first. */
  readonly text: string;
}

/**
 * The text of a PDF. The reader is loaded by the first one.
 *
 * @throws KnowledgeError `PDF_UNREADABLE`
 */
export async function readPdf(bytes: Uint8Array, name: string): Promise<ReadablePdf> {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new KnowledgeError('PDF_UNREADABLE', `${name} cannot be read as PDF: ${problem}.`, { cause });
  };
  if (!new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-')) {
    refuse('it does not begin as one');
  }
  const { extractText, getDocumentProxy, getMeta } = await import('unpdf');
  try {
    // It takes over the memory that it is given; ours is needed for the hash.
    const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      if (document.numPages > maxPages)
        refuse(`it has ${document.numPages} pages, at most ${maxPages} are read`);
      const { text } = await extractText(document, { mergePages: false });
      const { info } = await getMeta(document);
      const title: unknown = info['Title'];
      return {
        title: typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined,
        text: text.map((page) => `${page.trim()}\n`).join(`\n${pageBreak}`),
      };
    } finally {
      await document.cleanup();
    }
  } catch (error) {
    if (error instanceof KnowledgeError) throw error;
    return refuse(error instanceof Error ? error.message.replace(/\.$/, '') : String(error), error);
  }
}
