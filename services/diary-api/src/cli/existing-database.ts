import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { SessionError } from '@endwell/session-core';

/**
 * Whether there is a database at the path. Where there is none yet, the folder must at least be one that could
 * be made: one that cannot be is a mistake in the settings, and not an empty diary.
 *
 * @throws SessionError `STORE_UNREADABLE`
 */
export function databaseExists(path: string): boolean {
  if (existsSync(path)) return true;
  let folder = dirname(path);
  try {
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SessionError(
      'STORE_UNREADABLE',
      `There is no database at ${path}, and none can be made there: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  return false;
}
