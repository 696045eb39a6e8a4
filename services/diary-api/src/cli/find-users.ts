import { readdirSync, readlinkSync } from 'node:fs';
import process from 'node:process';

/** The pids of other processes that have a file open, as far as `/proc` shows them. */
export function findUsers(path: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return []; // There is no /proc on this system, and nothing else tells.
  }
  return names.filter((name) => hasOpen(name, path)).map(Number);
}

function hasOpen(pid: string, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === path,
    );
  } catch {
    return false; // Another user's process, or one that has just ended.
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // The descriptor was closed while we looked.
  }
}
