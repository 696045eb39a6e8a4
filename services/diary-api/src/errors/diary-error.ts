/** Every code that this service adds to those of session-core. Branch on the code, never on the message. */
export const DIARY_ERROR_CODES = [
  /** A flag or argument of the command line is wrong. */
  'INVALID_ARGUMENT',
  /** A configuration value is wrong; see `setting`. */
  'INVALID_CONFIG',
  /** The address could be reached from other machines, and nothing protects it. */
  'TOKEN_REQUIRED',
  /** There is no token with this id. */
  'TOKEN_NOT_FOUND',
  /** Another program listens on the port. */
  'PORT_IN_USE',
  /** The address cannot be listened on. */
  'LISTEN_FAILED',
  /** A file or folder to import cannot be read. */
  'IMPORT_UNREADABLE',
  /** The files of the dashboard are missing or incomplete: the package is not built or damaged. */
  'DASHBOARD_MISSING',
] as const;

export type DiaryErrorCode = (typeof DIARY_ERROR_CODES)[number];

export interface DiaryErrorDetail {
  readonly cause?: unknown;
  /** The flag or environment variable that is wrong. */
  readonly setting?: string | undefined;
}

const marker = Symbol.for('@endwell/diary-api/error');

/** The base class of every error that this package throws. */
export class DiaryError extends Error {
  override readonly name: string = 'DiaryError';
  readonly code: DiaryErrorCode;
  readonly setting: string | undefined;
  readonly [marker]: true = true;

  constructor(code: DiaryErrorCode, message: string, detail: DiaryErrorDetail = {}) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.setting = detail.setting;
  }
}

/** True for an error of this package, also when two copies of the package are loaded. */
export function isDiaryError(value: unknown): value is DiaryError {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
