import { findClient, type Shutdown, watchProcess } from '@endwell/proc-guard';

/**
 * A program that gave us an IPC channel is a launcher, such as the one behind `npm start`. When it
 * ends the channel closes; but it may be left behind itself by the npm or `sh -c` that started it,
 * and those are then ours too.
 */
export function endWithLauncher(launcherPid: number, shutdown: Shutdown): void {
  for (const wrapper of findClient({ pid: launcherPid }).wrappers) {
    watchProcess(
      wrapper,
      ({ state }) => {
        // Not seeing it any more is not its end.
        if (state === 'dead') void shutdown.trigger({ kind: 'parent-exit' });
      },
      { signal: shutdown.signal },
    );
  }
}
