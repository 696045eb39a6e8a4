import type { FastifyBaseLogger } from 'fastify';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof levels)[number];

export interface RequestLoggerOptions {
  readonly parent: FastifyBaseLogger;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly options: object;
}

/**
 * A request's own logger that is made when the request first has something to say: most never have, and making one
 * for each took a fiftieth of the time of a small write.
 */
export function lazyRequestLogger(options: RequestLoggerOptions): FastifyBaseLogger {
  return new LazyRequestLogger(options);
}

class LazyRequestLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #options: object;
  #bindings: Readonly<Record<string, unknown>>;
  #child: FastifyBaseLogger | undefined;

  constructor({ parent, bindings, options }: RequestLoggerOptions) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#options = options;
  }

  get level(): string {
    return this.#child?.level ?? this.#parent.level;
  }

  /** What every later line says too. */
  setBindings(bindings: Readonly<Record<string, unknown>>): void {
    this.#bindings = { ...this.#bindings, ...bindings };
    // The next line makes a new one.
    this.#child = undefined;
  }

  child(...args: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#made().child(...args);
  }

  trace(...args: unknown[]): void {
    this.#write('trace', args);
  }

  debug(...args: unknown[]): void {
    this.#write('debug', args);
  }

  info(...args: unknown[]): void {
    this.#write('info', args);
  }

  warn(...args: unknown[]): void {
    this.#write('warn', args);
  }

  error(...args: unknown[]): void {
    this.#write('error', args);
  }

  fatal(...args: unknown[]): void {
    this.#write('fatal', args);
  }

  silent(): void {}

  #write(level: Level, args: unknown[]): void {
    if (!isEnabled(this.#parent.level, level)) return;
    const logger: Readonly<Record<Level, (...given: unknown[]) => void>> = this.#made();
    logger[level](...args);
  }

  #made(): FastifyBaseLogger {
    this.#child ??= this.#parent.child(this.#bindings, this.#options);
    return this.#child;
  }
}

/** A level that somebody has named themselves is left to the logger. */
function isEnabled(current: string, asked: Level): boolean {
  if (current === 'silent') return false;
  return levels.indexOf(asked) >= levels.indexOf(current as Level);
}
