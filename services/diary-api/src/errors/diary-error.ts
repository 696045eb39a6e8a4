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
  /** A file to import is of another kind than what was asked for. */
  'IMPORT_WRONG_FORMAT',
  /** What is exported cannot be written to its file. */
  'EXPORT_UNWRITABLE',
  /** What a coding agent gave its hook is no event. */
  'HOOK_EVENT_INVALID',
  /** The privacy rules cannot be understood, so that nobody knows what must not be recorded. */
  'PRIVACY_UNREADABLE',
  /** The privacy rules cannot be written. */
  'PRIVACY_UNWRITABLE',
  /** A settings file of a coding agent cannot be understood. */
  'SETTINGS_INVALID',
  /** A settings file of a coding agent cannot be read. */
  'SETTINGS_UNREADABLE',
  /** A settings file of a coding agent cannot be written. */
  'SETTINGS_UNWRITABLE',
  /** Something uses what was to be removed. */
  'STILL_IN_USE',
  /** `doctor` has found something that is wrong. */
  'PROBLEMS_FOUND',
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
