import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

import { describeSupport } from '@endwell/proc-guard';

/** The absolute path of the guard: its native helper, or the launcher where there is none. */
export function findGuard(): string {
  const { path } = describeSupport().helper;
  if (path !== undefined) return realpathSync(path);
  const manifest = createRequire(import.meta.url).resolve('@endwell/proc-guard/package.json');
  return realpathSync(manifest.replace(/package\.json$/, 'bin/proc-guard'));
}
