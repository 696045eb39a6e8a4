import { opendir, realpath, stat } from 'node:fs/promises';
import { join, matchesGlob, relative } from 'node:path';

import { formatOfName } from '../extraction/document-format.ts';
import { fileUnreadable, resolveAllowed } from './allowed-roots.ts';

export interface FoundFile {
  /** The way that was taken to it. */
  readonly path: string;
  readonly realPath: string;
}

export interface WalkOptions {
  readonly roots: readonly string[];
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly onProblem: (path: string, error: unknown) => void;
}

/** What is made from other files, or is not the project's own. */
const passedOver = new Set(['node_modules', '__pycache__', 'target', 'dist', 'build', 'vendor', 'venv']);

/**
 * The files below a folder whose kind is known, in the order of their names. Links are followed where
 * they lead to what may be read; each folder and file is visited once, so that a loop of links ends.
 */
export async function* walkFolder(folder: string, options: WalkOptions): AsyncGenerator<FoundFile> {
  const visited = new Set<string>();
  const seen = async (path: string): Promise<boolean> => {
    const { dev, ino } = await stat(path);
    const identity = `${dev}:${ino}`;
    if (visited.has(identity)) return true;
    visited.add(identity);
    return false;
  };
  const isWanted = (path: string): boolean => {
    const way = relative(folder, path);
    const fits = (pattern: string): boolean =>
      matchesGlob(way, pattern) || matchesGlob(way, `**/${pattern}`) || matchesGlob(way, `${pattern}/**`);
    if (options.exclude.some(fits)) return false;
    if (options.include !== undefined) return options.include.some(fits);
    return formatOfName(path.split('/').at(-1) ?? '') !== undefined;
  };
  const walk = async function* (current: string, realCurrent: string): AsyncGenerator<FoundFile> {
    const entries: { name: string; link: boolean; folder: boolean; file: boolean }[] = [];
    for await (const entry of await opendir(realCurrent)) {
      if (entry.name.startsWith('.')) continue;
      entries.push({
        name: entry.name,
        link: entry.isSymbolicLink(),
        folder: entry.isDirectory(),
        file: entry.isFile(),
      });
    }
    for (const { name, link, ...kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(current, name);
      try {
        const linkless = join(realCurrent, name);
        const realPath = link ? await resolveAllowed(options.roots, await realpath(linkless)) : linkless;
        const status = link ? await stat(realPath) : undefined;
        const isFolder = status?.isDirectory() ?? kind.folder;
        if (isFolder) {
          if (!passedOver.has(name) && !(await seen(realPath))) yield* walk(path, realPath);
        } else if ((status?.isFile() ?? kind.file) && isWanted(path) && !(await seen(realPath))) {
          yield { path, realPath };
        }
      } catch (error) {
        options.onProblem(path, fileUnreadable(path, error));
      }
    }
  };
  await seen(folder);
  yield* walk(folder, folder);
}
