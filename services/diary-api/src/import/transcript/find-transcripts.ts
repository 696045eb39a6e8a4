import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { DiaryError } from '../../errors/diary-error.ts';

export interface FoundTranscript {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The transcripts that the paths stand for, in a stable order in which a session comes before the files of its
 * sub-agents.
 *
 * @throws DiaryError `IMPORT_UNREADABLE`
 */
export async function findTranscripts(paths: readonly string[]): Promise<FoundTranscript[]> {
  const found: string[] = [];
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) {
        const inside = await readdir(path, { recursive: true, withFileTypes: true });
        const files = inside.filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'));
        found.push(...files.map((entry) => join(entry.parentPath, entry.name)).toSorted());
      } else {
        await access(path, constants.R_OK);
        found.push(path);
      }
    } catch (error) {
      throw new DiaryError('IMPORT_UNREADABLE', `${path} cannot be read: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }
  return await Promise.all(
    [...new Set(found)].map(async (path) => ({ path, bytes: (await stat(path)).size })),
  );
}
