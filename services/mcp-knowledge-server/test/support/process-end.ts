import { readIdentity, watchProcess } from '@endwell/proc-guard';

/** Resolves when the process has ended; fails after the deadline. For processes that are not our children. */
export function processEnd(pid: number, deadlineMs = 20_000): Promise<void> {
  const identity = readIdentity(pid);
  if (identity === undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      watch.close();
      reject(new Error(`process ${pid} still runs after ${deadlineMs} ms`));
    }, deadlineMs);
    const watch = watchProcess(identity, ({ state }) => {
      clearTimeout(timer);
      if (state === 'dead') resolve();
      else reject(new Error(`process ${pid} cannot be watched`));
    });
  });
}
