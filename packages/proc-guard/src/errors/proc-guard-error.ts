/** Every code that an error of this package can carry. Branch on the code, never on the message. */
export type ProcGuardErrorCode =
  /** A text or value that is no process identity. */
  | 'INVALID_IDENTITY'
  /** An option has the wrong type or is outside its bounds. */
  | 'INVALID_OPTIONS'
  /** A retry without an end was asked for. */
  | 'RETRY_UNBOUNDED'
  /** A bounded retry came to its end; see `RetryError`. */
  | 'RETRY_EXHAUSTED'
  /** An attempt took longer than `attemptTimeoutMs`. */
  | 'ATTEMPT_TIMEOUT'
  /** The circuit breaker is open; see `CircuitOpenError`. */
  | 'CIRCUIT_OPEN'
  /** The guard or the command could not be started. */
  | 'SPAWN_FAILED'
  /** A spawn governor refused to start another child; see `SpawnRefusedError`. */
  | 'SPAWN_REFUSED'
  /** The containment that was asked for cannot be had here. */
  | 'CONTAINMENT_UNAVAILABLE'
  /** This cannot be done on this platform or thread. */
  | 'UNSUPPORTED'
  /** What was called has already been closed. */
  | 'CLOSED'
  /** A settings file of an MCP client cannot be read or edited safely. */
  | 'SETTINGS_INVALID'
  /** The command line is wrong. */
  | 'USAGE';

const marker = Symbol.for('@endwell/proc-guard/error');

export interface ProcGuardErrorOptions {
  readonly cause?: unknown;
  /** The option that is wrong, where one is. */
  readonly option?: string;
}

/** The base class of every error that this package throws. */
export class ProcGuardError extends Error {
  override readonly name: string = 'ProcGuardError';
  readonly code: ProcGuardErrorCode;
  /** The option that is wrong, where one is. */
  readonly option: string | undefined;

  constructor(code: ProcGuardErrorCode, message: string, options: ProcGuardErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.option = options.option;
    Object.defineProperty(this, marker, { value: true });
  }
}

/** True for an error of this package, also when two copies of the package are loaded. */
export function isProcGuardError(value: unknown): value is ProcGuardError {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
