import type { Shutdown } from '@endwell/proc-guard';
import type { Logger } from 'pino';

import type { Environment } from '../config/resolve-config.ts';
import type { LogLevel } from '../config/settings.ts';

/** What a command may touch of the process that it runs in. */
export interface CommandContext {
  readonly environment: Environment;
  readonly version: string;
  /** Writes one line to standard output. */
  print(line: string): void;
  /** Writes one line to standard error. */
  report(line: string): void;
  /** A log on standard error. */
  createLogger(level: LogLevel): Logger;
  /** Ties the process to the signals and to the wrappers that started it; the shutdown ends it. */
  liveUntilEnded(logger: Logger): Shutdown;
}
