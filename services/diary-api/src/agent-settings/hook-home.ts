import { dirname, join } from 'node:path';

import type { Environment } from '../config/resolve-config.ts';

/**
 * The data folder as a hook has to be told it: undefined where the hook finds it by itself. The shell's
 * ENDWELL_HOME and XDG_STATE_HOME may not reach a hook, the home folder does.
 */
export function homeForHook(databasePath: string, environment: Environment): string | undefined {
  const folder = dirname(databasePath);
  const home = environment['HOME'];
  return home !== undefined && folder === join(home, '.local', 'state', 'endwell') ? undefined : folder;
}
