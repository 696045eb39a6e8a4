import { accessSync, constants } from 'node:fs';
import { arch, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from '../programs.ts';

/** The native helper by its own path, as `proc-guard wrap` writes it into settings. */
export const nativeHelper: string = join(
  repositoryRoot,
  'packages',
  `proc-guard-${platform()}-${arch()}`,
  'bin',
  'proc-guard-native',
);

/** The path of a program on PATH, or undefined: a peer that is not installed is named as not measured. */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue; // Not in this folder.
    }
  }
  return undefined;
}
