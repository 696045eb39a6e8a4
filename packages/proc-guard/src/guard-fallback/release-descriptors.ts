import { closeSync, openSync } from 'node:fs';

/**
 * Lets go of the command's descriptors, with `/dev/null` in the place of the standard ones, so that
 * the guard holds open nothing that belongs to the command: its reader must see the end when the
 * command's writers are gone.
 */
export function releaseDescriptors(count: number): void {
  if (process.platform === 'win32') return;
  for (let fd = 0; fd < count; fd += 1) {
    closeSync(fd);
    // The lowest free number is the one that was just closed.
    if (fd <= 2) openSync('/dev/null', fd === 0 ? 'r' : 'w');
  }
}
