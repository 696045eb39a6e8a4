import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import { KnowledgeError } from '../../errors/knowledge-error.ts';
import { fileUnreadable } from './allowed-roots.ts';

/** A thousand pages of text have about 3 MB. */
export const maxDocumentBytes: number = 16 * 2 ** 20;

/**
 * The bytes of a file whose path is real and allowed.
 *
 * @throws KnowledgeError `FILE_UNREADABLE`, `DOCUMENT_TOO_LARGE`
 */
export async function readAllowedFile(realPath: string, signal: AbortSignal): Promise<Uint8Array> {
  // A pipe would keep us waiting for a writer; a link that has come since would lead elsewhere.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const file = await open(realPath, flags).catch((error: unknown) => {
    throw fileUnreadable(realPath, error);
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) {
      const kind = status.isDirectory() ? 'it is a folder: use ingest_folder' : 'it is no regular file';
      throw new KnowledgeError('FILE_UNREADABLE', `${realPath} cannot be read: ${kind}.`);
    }
    checkSize(status.size, realPath);
    return await file.readFile({ signal });
  } catch (error) {
    throw signal.aborted ? error : fileUnreadable(realPath, error);
  } finally {
    await file.close();
  }
}

/** @throws KnowledgeError `DOCUMENT_TOO_LARGE` */
export function checkSize(bytes: number, name: string): void {
  if (bytes <= maxDocumentBytes) return;
  const mebibytes = (bytes / 2 ** 20).toFixed(1);
  throw new KnowledgeError(
    'DOCUMENT_TOO_LARGE',
    `${name} has ${mebibytes} MiB, at most ${maxDocumentBytes / 2 ** 20} MiB are taken.`,
  );
}
