import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { SessionError } from '../errors/session-error.ts';

/**
 * Where the one database is: `$ENDWELL_HOME/endwell.db`, by default
 * `${XDG_STATE_HOME:-~/.local/state}/endwell/endwell.db`. Creates nothing.
 */
export function resolveDatabasePath(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['ENDWELL_HOME'];
  if (home !== undefined && home !== '') {
    if (!isAbsolute(home)) {
      throw new SessionError(
        'INVALID_OPTIONS',
        `ENDWELL_HOME must be an absolute path, not ${JSON.stringify(home)}`,
        {
          path: 'ENDWELL_HOME',
        },
      );
    }
    return join(home, 'endwell.db');
  }
  // The XDG specification says that a relative path is to be ignored.
  const state = environment['XDG_STATE_HOME'];
  const base =
    state !== undefined && isAbsolute(state)
      ? state
      : join(environment['HOME'] || homedir(), '.local', 'state');
  return join(base, 'endwell', 'endwell.db');
}
