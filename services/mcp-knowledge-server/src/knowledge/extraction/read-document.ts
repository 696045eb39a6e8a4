import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { decodeText } from './decode-text.ts';
import type { DocumentFormat, TextFormat } from './document-format.ts';
import { htmlToMarkdown } from './html-to-markdown.ts';
import { readPdf } from './read-pdf.ts';

/** A document as it is stored. */
export interface ReadableDocument {
  /** What it calls itself. */
  readonly title: string | undefined;
  readonly text: string;
  readonly textFormat: TextFormat;
}

/**
 * Turns what was given into text.
 *
 * @throws KnowledgeError `NOT_TEXT`, `PDF_UNREADABLE`, `EMPTY_DOCUMENT`
 */
export async function readDocument(
  bytes: Uint8Array,
  format: DocumentFormat,
  name: string,
): Promise<ReadableDocument> {
  const document = await convert(bytes, format, name);
  if (document.text.trim() === '') {
    const scanned = format === 'pdf' ? ' It may be a scan: pictures of pages, which need a text layer.' : '';
    throw new KnowledgeError('EMPTY_DOCUMENT', `${name} has no text.${scanned}`);
  }
  return document;
}

async function convert(bytes: Uint8Array, format: DocumentFormat, name: string): Promise<ReadableDocument> {
  if (format === 'pdf') return { ...(await readPdf(bytes, name)), textFormat: 'text' };
  const text = decodeText(bytes, name);
  switch (format) {
    case 'html': {
      const { title, markdown } = htmlToMarkdown(text);
      return { title, text: markdown, textFormat: 'markdown' };
    }
    case 'markdown':
      return { title: firstHeading(text), text, textFormat: 'markdown' };
    default:
      return { title: undefined, text, textFormat: format };
  }
}

function firstHeading(text: string): string | undefined {
  return /^ {0,3}#\s+(.+?)(?:\s+#+)?\s*$/m.exec(text.slice(0, 10_000))?.[1];
}
