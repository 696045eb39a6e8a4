import { constants } from 'node:os';

import type { ShutdownCause, ShutdownResult } from './shutdown.ts';

/**
 * 0 for a clean end, also after TERM, INT or HUP: whoever asked got what it asked for, as with
 * nginx and PostgreSQL. 1 when a closer failed or was too late, or when an error was the cause.
 * 128 + n when the same signal came again and forced the end.
 */
export function exitCode(
  cause: ShutdownCause,
  ending: ShutdownResult['ending'],
  forcedBy?: NodeJS.Signals,
): number {
  if (ending === 'forced') return forcedBy === undefined ? 1 : 128 + constants.signals[forcedBy];
  return ending === 'failed' || cause.kind === 'error' ? 1 : 0;
}
