import { closeSync, futimesSync, openSync, statSync, watch, type FSWatcher } from 'node:fs';

/** An empty file beside the database whose time of change tells other processes to look. */
export interface Bell {
  /** Called after a commit. */
  ring(): void;
  /** From here on `onRing` is called after a commit of any process, this one too. Keeps nothing alive. */
  listen(): void;
  close(): void;
}

export interface BellOptions {
  readonly path: string;
  readonly readOnly: boolean;
  /** Somebody has rung, or may have. */
  readonly onRing: () => void;
  /** The bell can no longer be rung or heard. */
  readonly onError: (error: unknown) => void;
}

/**
 * Many commits a second are heard of together: each process that looks at each commit of all others would do
 * little else.
 */
const restMs = 20;

/**
 * A watch on the WAL itself would fire before the commit can be seen. Somebody who removes the
 * bell makes nobody deaf: it is made and watched again.
 */
export function createBell({ path, readOnly, onRing, onError }: BellOptions): Bell {
  let file = readOnly ? undefined : openSync(path, 'a', 0o600);
  let watcher: FSWatcher | undefined;
  let watched: number | undefined;
  let resting: NodeJS.Timeout | undefined;
  let heardMeanwhile = false;
  let mayBeGone = false;

  const startWatching = (): void => {
    watched = statSync(path).ino;
    watcher = watch(path, { persistent: false }, hear);
    watcher.on('error', onError);
  };
  /** At once, and then when the rest is over. */
  const hear = (kind: 'rename' | 'change'): void => {
    if (kind === 'rename') mayBeGone = true;
    if (resting !== undefined) {
      heardMeanwhile = true;
      return;
    }
    heardMeanwhile = false;
    resting = setTimeout(() => {
      resting = undefined;
      if (heardMeanwhile) hear('change');
    }, restMs);
    resting.unref();
    answer();
  };
  const answer = (): void => {
    try {
      // A file that is open somewhere is still there after its removal: only its name tells.
      const same = !mayBeGone && statSync(path, { throwIfNoEntry: false })?.ino === watched;
      mayBeGone = false;
      if (!same) replace();
    } catch (error) {
      onError(error);
    }
    onRing();
  };
  const replace = (): void => {
    watcher?.close();
    if (file !== undefined) {
      closeSync(file);
      file = undefined;
      file = openSync(path, 'a', 0o600);
    }
    startWatching();
  };

  return {
    ring() {
      if (file === undefined) return;
      // Who is in this process need not wait for the system to pass it on.
      if (watcher !== undefined) hear('change');
      try {
        const now = Date.now() / 1000;
        futimesSync(file, now, now);
      } catch (error) {
        // The commit has happened; only those who wait for the bell are late.
        onError(error);
      }
    },
    listen() {
      if (watcher === undefined) startWatching();
    },
    close() {
      watcher?.close();
      watcher = undefined;
      clearTimeout(resting);
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
