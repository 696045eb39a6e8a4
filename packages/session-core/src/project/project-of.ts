import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/**
 * The project that a folder belongs to: the folder with its git repository's common directory, so that the
 * worktrees of one repository are one project. A folder that is in none, is gone or cannot be looked at is
 * its own project, and so is whatever is not an absolute path.
 *
 * Here and not in a service, because all who write to one store must mean the same by a project.
 */
export function projectOf(folder: string): string {
  if (!isAbsolute(folder)) return folder;
  for (let at = folder; ; at = dirname(at)) {
    const git = join(at, '.git');
    const kind = kindOf(git);
    if (kind === 'folder') return at;
    if (kind === 'file') return commonFolder(at, git) ?? at;
    if (dirname(at) === at) return folder;
  }
}

/** A worktree's `.git` is a file that names its own git folder, and that one names the common one. */
function commonFolder(worktree: string, file: string): string | undefined {
  const named = /^gitdir:\s*(.+?)\s*$/m.exec(readIfThere(file) ?? '')?.[1];
  if (named === undefined) return undefined;
  const gitFolder = resolve(worktree, named);
  const common = readIfThere(join(gitFolder, 'commondir'))?.trim();
  // A submodule has a git folder of its own and no common one: it is a project of its own.
  if (common === undefined || common === '') return undefined;
  const commonGit = resolve(gitFolder, common);
  return basename(commonGit) === '.git' ? dirname(commonGit) : commonGit;
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : found.isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined; // A name that no file can have, or one that is not for this user to see.
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Not a repository that git could use either; the folder is then its own project.
  }
}
