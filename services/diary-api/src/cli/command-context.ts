import type { Shutdown } from '@endwell/proc-guard';
import type { Logger } from 'pino';

import type { Environment } from '../config/resolve-config.ts';
import type { LogLevel } from '../config/settings.ts';
import type { Progress } from './progress.ts';

/** What a command may touch of the process that it runs in. */
export interface CommandContext {
  readonly environment: Environment;
  /** Where it was started. */
  readonly folder: string;
  /** How its hook is started, by absolute paths. */
  readonly program: { readonly node: string; readonly hook: string };
  readonly version: string;
  /** Writes one line to standard output. */
  print(line: string): void;
  /** Writes one line to standard error. */
  report(line: string): void;
  /** Writes text as it is to standard output, and waits while its reader is busy. */
  write(text: string): Promise<void>;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** How far a piece of work is, on standard error. */
  createProgress(): Progress;
  /** Asks a person; undefined where nobody can answer. */
  confirm(question: string): Promise<boolean | undefined>;
  /** Whether standard output is a terminal that shows colours. */
  readonly hasColors: boolean;
  /** How wide the terminal is that standard output is shown in; undefined where it is none. */
  readonly columns: number | undefined;
  /** A log on standard error. */
  createLogger(level: LogLevel): Logger;
  /** Ties the process to the signals and to the wrappers that started it; the shutdown ends it. */
  liveUntilEnded(logger: Logger): Shutdown;
}
