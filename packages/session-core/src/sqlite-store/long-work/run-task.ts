import { checkDatabase } from '../check-database.ts';
import { readStatistics } from '../read-statistics.ts';
import { searchEntries } from '../search-entries.ts';
import { toStoreError } from '../sqlite-error.ts';
import { openLongConnection, type LongConnection } from './long-connection.ts';
import type { LongTaskName, LongTasks, LongWorkSettings, StopFlag } from './long-task.ts';
import { retain } from './retain.ts';
import { purgeSessions, type StoppableConnection } from './purge-sessions.ts';

export type RunTask = <Name extends LongTaskName>(
  name: Name,
  given: LongTasks[Name]['given'],
  stop: StopFlag,
) => Promise<LongTasks[Name]['answer']>;

type Tasks = {
  [Name in LongTaskName]: (
    given: LongTasks[Name]['given'],
    stop: StopFlag,
  ) => Promise<LongTasks[Name]['answer']>;
};

/** Runs tasks on a connection that the first of them opens. Fails with the store's errors. */
export function runTask(settings: LongWorkSettings): RunTask {
  let open: LongConnection | undefined;
  const opened = async (): Promise<LongConnection> => (open ??= await openLongConnection(settings));

  const close = async (): Promise<null> => {
    open?.database.close();
    open = undefined;
    return null;
  };

  const tasks: Tasks = {
    async search({ request, now }) {
      const { read, prepare } = await opened();
      return read(() => searchEntries(prepare, request, now));
    },
    async purge({ target, endActive, now }, stop) {
      return purgeSessions(stoppable(await opened(), stop), target, endActive, now);
    },
    async retain({ cutoffs, now }, stop) {
      return retain(stoppable(await opened(), stop), cutoffs, now);
    },
    async statistics({ options, now }) {
      const { read, prepare } = await opened();
      return read(() => readStatistics(prepare, options, now));
    },
    async integrityCheck() {
      // FTS5 checks what the connection remembers of the index, which is no longer true once another
      // connection has written: a fresh one reports no damage that is not there.
      await close();
      const { read, prepare } = await opened();
      return read(() => checkDatabase(prepare));
    },
    async checkpoint() {
      const { prepare } = await opened();
      // Waits for nobody: where others are in the way it moves what it can.
      prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
      return null;
    },
    close,
  };
  return async (name, given, stop) => {
    try {
      return await tasks[name](given, stop);
    } catch (error) {
      throw toStoreError(error, settings.path);
    }
  };
}

function stoppable(connection: LongConnection, stop: StopFlag): StoppableConnection {
  return { ...connection, stopping: () => Atomics.load(stop, 0) === 1 };
}
