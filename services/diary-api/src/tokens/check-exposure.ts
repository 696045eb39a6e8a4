import { existsSync } from 'node:fs';

import { isLoopback } from '../config/is-loopback.ts';
import { openDiaryDatabase } from '../database/open-diary-database.ts';
import { DiaryError } from '../errors/diary-error.ts';
import { createTokenStore } from './token-store.ts';

/**
 * An address that other machines can reach needs a token that would be let in. Makes no database where there is none.
 *
 * @throws DiaryError `TOKEN_REQUIRED`
 */
export async function checkExposure(
  host: string,
  fixedToken: string | undefined,
  path: string,
): Promise<void> {
  if (isLoopback(host) || fixedToken !== undefined) return;
  if (existsSync(path)) {
    await using database = await openDiaryDatabase(path);
    if (await createTokenStore(database).hasUsable()) return;
  }
  throw new DiaryError(
    'TOKEN_REQUIRED',
    `${host} can be reached from other machines, and there is no access token yet: make one with "diary token create", set DIARY_API_TOKEN, or listen on 127.0.0.1.`,
    { setting: 'DIARY_API_HOST' },
  );
}
