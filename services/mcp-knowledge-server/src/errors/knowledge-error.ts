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
  /** There is no document with this id or source. */
  'DOCUMENT_NOT_FOUND',
  /** The document is larger than what is taken. */
  'DOCUMENT_TOO_LARGE',
  /** The document has no text. */
  'EMPTY_DOCUMENT',
  /** The file does not exist, or cannot be read. */
  'FILE_UNREADABLE',
  /** The path is in none of the folders that may be read. */
  'PATH_NOT_ALLOWED',
  /** The bytes are no text, whatever the file is called. */
  'NOT_TEXT',
  /** The file is no PDF, or a damaged or encrypted one. */
  'PDF_UNREADABLE',
  /** The document does not have the words that were said to be in it. */
  'QUOTE_NOT_FOUND',
  /** The cursor is of another question. */
  'INVALID_CURSOR',
  /** The store has vectors, and sqlite-vec cannot be loaded here. */
  'VECTORS_UNAVAILABLE',
  /** No `session_id` was given, and this client has no active session. */
  'NO_SESSION',
  /** No `project` was given, and the server has none of its own. */
  'NO_PROJECT',
  /** The address cannot be listened on. */
  'LISTEN_FAILED',
  /** No `session_id` was given, and this client has several active sessions. */
  'SESSION_AMBIGUOUS',
  /** An address that other machines reach needs an access token. */
  'TOKEN_REQUIRED',
  /** The server is ending, and does not wait for a call that takes longer. */
  'SHUTTING_DOWN',
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
