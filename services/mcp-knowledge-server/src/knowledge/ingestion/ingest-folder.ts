import { stat } from 'node:fs/promises';
import { relative } from 'node:path';

import type { ComponentDatabase } from '@endwell/session-core/sqlite';

import { isKnowledgeError, KnowledgeError } from '../../errors/knowledge-error.ts';
import type { Vectorizer } from '../embeddings/vectorizer.ts';
import type { CallOptions, FolderIngested, FolderInput, IngestOutcome } from '../knowledge.ts';
import { fileUnreadable, resolveAllowed } from './allowed-roots.ts';
import { ingestDocument } from './ingest-document.ts';
import { type FoundFile, walkFolder } from './walk-folder.ts';

/** Enough to see what is wrong; the rest is counted. */
const maxSkippedShown = 20;

/** Ingests the files below a folder, one after the other; what cannot be taken is passed over and named. */
export async function ingestFolder(
  database: ComponentDatabase,
  vectorizer: Vectorizer,
  roots: readonly string[],
  input: FolderInput,
  { signal, onProgress }: CallOptions,
): Promise<Omit<FolderIngested, 'vectors'>> {
  const folder = await resolveAllowed(roots, input.path);
  const status = await stat(folder).catch((error: unknown) => {
    throw fileUnreadable(input.path, error);
  });
  if (!status.isDirectory()) {
    throw new KnowledgeError('FILE_UNREADABLE', `${input.path} is a file: use ingest_document.`);
  }
  const counts: Record<IngestOutcome, number> = { added: 0, updated: 0, unchanged: 0 };
  const skipped: { path: string; code: string; problem: string }[] = [];
  let skippedCount = 0;
  const skip = (path: string, error: unknown): void => {
    if (!isKnowledgeError(error)) throw error;
    skippedCount += 1;
    if (skipped.length >= maxSkippedShown) return;
    skipped.push({ path: relative(folder, path), code: error.code, problem: error.message });
  };
  const { files, truncated } = await collect(folder, roots, input, signal, skip);
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    onProgress?.(index, files.length, relative(folder, file.path));
    try {
      const { outcome, document } = await ingestDocument(
        database,
        roots,
        { project: input.project, tags: input.tags, content: { path: file.realPath } },
        signal,
      );
      counts[outcome] += 1;
      await vectorizer.makeMissing({ documentKey: document.documentKey }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      skip(file.path, error);
    }
  }
  onProgress?.(files.length, files.length, 'done');
  return { ...counts, skipped, skippedCount, truncated };
}

async function collect(
  folder: string,
  roots: readonly string[],
  { include, exclude, maxFiles }: FolderInput,
  signal: AbortSignal,
  onProblem: (path: string, error: unknown) => void,
): Promise<{ readonly files: readonly FoundFile[]; readonly truncated: boolean }> {
  const files: FoundFile[] = [];
  for await (const file of walkFolder(folder, { roots, include, exclude: exclude ?? [], onProblem })) {
    signal.throwIfAborted();
    if (files.length === maxFiles) return { files, truncated: true };
    files.push(file);
  }
  return { files, truncated: false };
}
