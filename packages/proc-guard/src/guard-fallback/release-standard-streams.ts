import { closeSync, openSync } from 'node:fs';

/**
 * Puts `/dev/null` in the place of stdin, stdout and stderr, so that the guard does not hold open
 * what belongs to the command: its reader must see the end when the command's writers are gone.
 */
export function releaseStandardStreams(): void {
  if (process.platform === 'win32') return;
  for (const fd of [0, 1, 2]) {
    closeSync(fd);
    // The lowest free number is the one that was just closed.
    openSync('/dev/null', fd === 0 ? 'r' : 'w');
  }
}
