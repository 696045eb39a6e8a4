/** Every code that this service adds to those of session-core. Branch on the code, never on the message. */
export const KNOWLEDGE_ERROR_CODES = [
  /** A flag or argument of the command line is wrong. */
  'INVALID_ARGUMENT',
  /** A configuration value is wrong; see `setting`. */
  'INVALID_CONFIG',
  /** The arguments of a tool call do not fit its input schema. */
  'INVALID_TOOL_ARGUMENTS',
  /** The knowledge base cannot be used. */
  'KNOWLEDGE_UNAVAILABLE',
  /** No `session_id` was given, and this client has no active session. */
  'NO_SESSION',
  /** The address cannot be listened on. */
  'LISTEN_FAILED',
  /** No `session_id` was given, and this client has several active sessions. */
  'SESSION_AMBIGUOUS',
  /** An address that other machines reach needs an access token. */
  'TOKEN_REQUIRED',
] as const;

export type KnowledgeErrorCode = (typeof KNOWLEDGE_ERROR_CODES)[number];

export interface KnowledgeErrorDetail {
  readonly cause?: unknown;
  /** The flag or environment variable that is wrong. */
  readonly setting?: string | undefined;
}

const marker = Symbol.for('@endwell/mcp-knowledge-server/error');

/** The base class of every error that this package throws. */
export class KnowledgeError extends Error {
  override readonly name: string = 'KnowledgeError';
  readonly code: KnowledgeErrorCode;
  readonly setting: string | undefined;

  constructor(code: KnowledgeErrorCode, message: string, detail: KnowledgeErrorDetail = {}) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.setting = detail.setting;
    Object.defineProperty(this, marker, { value: true });
  }
}

/** True for an error of this package, also when two copies of the package are loaded. */
export function isKnowledgeError(value: unknown): value is KnowledgeError {
  return typeof value === 'object' && value !== null && (value as { [marker]?: unknown })[marker] === true;
}
