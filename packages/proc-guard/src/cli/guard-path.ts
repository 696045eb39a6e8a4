import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ProcGuardError } from '../errors/proc-guard-error.ts';
import { findHelper } from '../helper/find-helper.ts';

/**
 * The absolute path that settings can name for years: the native helper, or the launcher where
 * there is none. `npx` runs us from a cache that is emptied at any time, so that is refused.
 */
export function permanentGuardPath(): string {
  const helper = findHelper();
  const here = import.meta.url;
  const launcher = new URL(here.endsWith('.ts') ? '../../bin/proc-guard' : '../bin/proc-guard', here);
  const path = realpathSync(helper.path ?? fileURLToPath(launcher));
  if (/[\\/](?:_npx|dlx(?:-[^\\/]*)?)[\\/]/.test(path)) {
    throw new ProcGuardError(
      'UNSUPPORTED',
      `${path} is in a temporary cache; install it for good first (npm install --global @endwell/proc-guard)`,
    );
  }
  return path;
}
