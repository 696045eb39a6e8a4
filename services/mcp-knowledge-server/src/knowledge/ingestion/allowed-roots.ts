import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import { KnowledgeError } from '../../errors/knowledge-error.ts';

/**
 * The real path of a file or folder, if it is in one of the folders that may be read: links are followed
 * first, so that none leads out. A relative path is one in the first folder.
 *
 * @throws KnowledgeError `PATH_NOT_ALLOWED`, `FILE_UNREADABLE`
 */
export async function resolveAllowed(roots: readonly string[], path: string): Promise<string> {
  const asked = resolve(roots[0] ?? '/', path);
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  // Before anything is looked at, so that nobody learns what exists elsewhere.
  if (![...roots, ...realRoots].some((root) => isWithin(root, asked))) throw notAllowed(roots, path);
  const real = await realpath(asked).catch((error: unknown) => {
    throw fileUnreadable(path, error);
  });
  if (!realRoots.some((root) => isWithin(root, real))) throw notAllowed(roots, path);
  return real;
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function notAllowed(roots: readonly string[], path: string): KnowledgeError {
  return new KnowledgeError(
    'PATH_NOT_ALLOWED',
    roots.length === 0
      ? `${path} cannot be read: over HTTP no folder may be, unless MCP_INGEST_ROOTS names it.`
      : `${path} is in none of the folders that may be read: ${roots.join(', ')}.`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'part of the path is a file',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  ELOOP: 'its symbolic links form a loop',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
};

/** What the file system refused, as an error of ours; everything else stays what it is. */
export function fileUnreadable(path: string, error: unknown): unknown {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === undefined || errno === undefined) return error;
  return new KnowledgeError('FILE_UNREADABLE', `${path} cannot be read: ${reasons[code] ?? code}.`, {
    cause: error,
  });
}
