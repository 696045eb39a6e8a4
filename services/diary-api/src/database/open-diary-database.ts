import { type ComponentDatabase, openComponent } from '@endwell/session-core/sqlite';

import { diaryMigrations } from './diary-migrations.ts';

/**
 * Opens the tables that this service keeps beside the sessions: tokens, keys of repeated requests, token use.
 * Whoever opens it closes it.
 *
 * @throws SessionError `STORE_…`
 */
export async function openDiaryDatabase(path: string): Promise<ComponentDatabase> {
  return await openComponent({ path, component: 'diary', migrations: [...diaryMigrations] });
}
