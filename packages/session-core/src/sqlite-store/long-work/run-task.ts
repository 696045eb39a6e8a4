import type { DatabaseSync } from 'node:sqlite';

import { retry } from '@endwell/proc-guard';

import { busyRetry, readPatiently } from '../busy-retry.ts';
import { checkDatabase } from '../check-database.ts';
import { coreSchema } from '../core-migrations.ts';
import { openDatabase } from '../open-database.ts';
import { cachedPrepare, type Prepare } from '../prepare.ts';
import { searchEntries } from '../search-entries.ts';
import { toStoreError } from '../sqlite-error.ts';
import type { LongTaskName, LongTasks, LongWorkSettings } from './long-task.ts';

export type RunTask = <Name extends LongTaskName>(
  name: Name,
  given: LongTasks[Name]['given'],
) => Promise<LongTasks[Name]['answer']>;

type Tasks = {
  [Name in LongTaskName]: (given: LongTasks[Name]['given']) => Promise<LongTasks[Name]['answer']>;
};

/** Runs tasks on a connection that the first of them opens. Fails with the store's errors. */
export function runTask(settings: LongWorkSettings): RunTask {
  const toError = (error: unknown): unknown => toStoreError(error, settings.path);
  let open: { readonly database: DatabaseSync; readonly prepare: Prepare } | undefined;

  const opened = async (): Promise<NonNullable<typeof open>> => {
    if (open !== undefined) return open;
    const attempt = (): DatabaseSync => openDatabase({ ...settings, schemas: [coreSchema] }, Date.now());
    const database = await retry(attempt, busyRetry);
    open = { database, prepare: cachedPrepare(database) };
    return open;
  };
  const read = async <Value>(step: (prepare: Prepare) => Value): Promise<Value> => {
    const { prepare } = await opened();
    return readPatiently(() => step(prepare), toError);
  };

  const tasks: Tasks = {
    search: ({ request, now }) => read((prepare) => searchEntries(prepare, request, now)),
    integrityCheck: () => read(checkDatabase),
    async close() {
      open?.database.close();
      open = undefined;
      return null;
    },
  };
  return async (name, given) => {
    try {
      return await tasks[name](given);
    } catch (error) {
      throw toError(error);
    }
  };
}
