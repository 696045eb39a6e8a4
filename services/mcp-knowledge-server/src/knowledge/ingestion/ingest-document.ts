import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { chunkText } from '../chunking/chunk-text.ts';
import { type DocumentFormat, formatOfName } from '../extraction/document-format.ts';
import { readDocument } from '../extraction/read-document.ts';
import type { DocumentInput } from '../knowledge.ts';
import { storeDocument, type StoreResult } from '../store/store-document.ts';
import { resolveAllowed } from './allowed-roots.ts';
import { checkSize, readAllowedFile } from './read-file.ts';

const maxTitle = 300;

/** Reads, parts and stores a document; its vectors are made later. */
export async function ingestDocument(
  database: ComponentDatabase,
  roots: readonly string[],
  input: DocumentInput,
  signal: AbortSignal,
): Promise<StoreResult> {
  const given = await readContent(roots, input, signal);
  const format = input.format ?? formatOfName(given.fileName) ?? 'text';
  const document = await readDocument(given.bytes, format, given.name);
  signal.throwIfAborted();
  const chunks = chunkText(document.text, document.textFormat);
  const title = (input.title ?? document.title ?? titleOf(given.fileName, document.text)).slice(0, maxTitle);
  return storeDocument(
    database,
    {
      project: input.project,
      source: given.source,
      title,
      format,
      tags: input.tags,
      contentHash: hashOf(given.bytes, format, title),
      text: document.text,
      chunks,
    },
    signal,
  );
}

interface Content {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly name: string;
  readonly fileName: string;
  readonly source: string | null;
}

async function readContent(
  roots: readonly string[],
  { content, title }: DocumentInput,
  signal: AbortSignal,
): Promise<Content> {
  if ('path' in content) {
    const realPath = await resolveAllowed(roots, content.path);
    return {
      bytes: await readAllowedFile(realPath, signal),
      name: content.path,
      fileName: basename(realPath),
      source: content.source ?? realPath,
    };
  }
  const bytes = new TextEncoder().encode(content.text);
  const name = content.source ?? title ?? 'The document';
  checkSize(bytes.length, name);
  return { bytes, name, fileName: basename(content.source ?? ''), source: content.source };
}

/** The same bytes read in another way, or under another title, are another document. */
function hashOf(bytes: Uint8Array, format: DocumentFormat, title: string): string {
  return createHash('sha256').update(`${format}\n${title}\n`).update(bytes).digest('hex');
}

function titleOf(fileName: string, text: string): string {
  if (fileName !== '') return fileName;
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  if (line === '') throw new KnowledgeError('EMPTY_DOCUMENT', 'The document has no text.');
  return line.trim().slice(0, 80);
}
