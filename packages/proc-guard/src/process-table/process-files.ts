import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { errnoCode } from '../errors/errno-code.ts';

/** A process can end, or belong to somebody else, between any two looks at it: that is no failure. */
const notThere = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'EINVAL']);

export function readProcessFile(path: string): string | undefined {
  return unlessGone(() => readFileSync(path, 'utf8'));
}

export function readProcessLink(path: string): string | undefined {
  return unlessGone(() => readlinkSync(path));
}

export function listProcessFolder(path: string): readonly string[] {
  return unlessGone(() => readdirSync(path)) ?? [];
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (notThere.has(errnoCode(error) ?? '')) return undefined;
    throw error;
  }
}
