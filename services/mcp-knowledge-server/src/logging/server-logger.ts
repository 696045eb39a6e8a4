import { LOG_LEVELS, type LogLevel } from '../config/settings.ts';

/** What this service asks of a logger; a pino logger fits. */
export interface ServerLogger {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

interface LogLine {
  (message: string): void;
  (fields: object, message: string): void;
}

/**
 * A logger that is loaded by the first line that is to be written: most servers never write one, and a start
 * does not wait for it.
 */
export function createLazyLogger(level: LogLevel, load: () => ServerLogger): ServerLogger {
  let loaded: ServerLogger | undefined;
  const line = (name: keyof ServerLogger): LogLine => {
    if (LOG_LEVELS.indexOf(name) < LOG_LEVELS.indexOf(level)) return () => {};
    return (...given: readonly [string] | readonly [object, string]) => {
      loaded ??= load();
      if (given.length === 1) loaded[name](...given);
      else loaded[name](...given);
    };
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
