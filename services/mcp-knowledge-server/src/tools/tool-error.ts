import { isSessionError, type SessionErrorCode } from '@endwell/session-core';
import type { CallToolResult } from '@modelcontextprotocol/server';

import { isKnowledgeError, type KnowledgeErrorCode } from '../errors/knowledge-error.ts';

/** The key in a result's `_meta` under which programs find the code that agents read in the text. */
const errorMetaKey = 'endwell/error';

type ToolErrorCode = SessionErrorCode | KnowledgeErrorCode | 'INTERNAL';

const checkDataFolder =
  'Tell the user: the data folder (ENDWELL_HOME) needs attention; `diary doctor` checks it.';
const callStart = 'Call start_session to open a new session.';
const fixArguments = 'Correct the arguments and call again.';
const shuttingDown = 'The server is shutting down; nothing more can be recorded through it.';
const wait = 'Wait and call again; do not retry in a loop.';

/** What an agent can do about each error: the one table from code to advice. */
const advice: Readonly<Record<ToolErrorCode, string>> = {
  SESSION_NOT_FOUND: `Check the session_id; ${lowerFirst(callStart)}`,
  SESSION_ENDED: `An ended session stays ended. ${callStart}`,
  SESSION_ACTIVE: 'End the session first.',
  EXTERNAL_ID_IN_USE: 'Use the session that has this id already.',
  INVALID_OPTIONS: fixArguments,
  INVALID_ENTRY: fixArguments,
  IDEMPOTENCY_CONFLICT: 'Use a new idempotency_key for a new action.',
  CREATION_DURING_CLEANUP: wait,
  SESSION_QUOTA: `End sessions that are no longer needed. ${wait}`,
  SESSION_RATE: wait,
  CURSOR_EXPIRED: 'Start again without a cursor.',
  MANAGER_CLOSED: shuttingDown,
  STORE_CLOSED: shuttingDown,
  STORE_SCHEMA_TOO_NEW: 'Tell the user: update mcp-knowledge-server, then restart it. The data is untouched.',
  STORE_NOT_A_DATABASE: checkDataFolder,
  STORE_FOREIGN_DATABASE: checkDataFolder,
  STORE_CORRUPT: checkDataFolder,
  STORE_UNREADABLE: checkDataFolder,
  STORE_NETWORK_FILE_SYSTEM:
    'Tell the user: the data folder is on a network file system; choose a local one.',
  STORE_READ_ONLY: checkDataFolder,
  STORE_BUSY: wait,
  STORE_FULL: 'Tell the user: the disk with the data folder is full.',
  STORE_SQLITE_TOO_OLD: 'Tell the user: Node 24.15 or newer is needed.',
  STORE_FAILED: checkDataFolder,
  INVALID_ARGUMENT: fixArguments,
  INVALID_CONFIG: 'Tell the user: the configuration of the server is wrong.',
  INVALID_TOOL_ARGUMENTS: fixArguments,
  KNOWLEDGE_UNAVAILABLE: 'Go on without the knowledge base; the session tools work.',
  LISTEN_FAILED: 'Tell the user: the configuration of the server is wrong.',
  TOKEN_REQUIRED: 'Tell the user: the configuration of the server is wrong.',
  DOCUMENT_NOT_FOUND: 'Check the document_id or the source; search_documents finds documents.',
  DOCUMENT_TOO_LARGE: 'Split the document and ingest its parts.',
  EMPTY_DOCUMENT: 'Ingest a document that has text.',
  FILE_UNREADABLE: 'Check the path and call again.',
  PATH_NOT_ALLOWED:
    'Pass the text as content, or tell the user: more folders can be allowed with MCP_INGEST_ROOTS.',
  NOT_TEXT: 'Ingest text, Markdown, HTML, source code or PDF; say which with format if the name does not.',
  PDF_UNREADABLE: 'Tell the user: this PDF cannot be read; a text version can be ingested instead.',
  QUOTE_NOT_FOUND: 'Quote the document to the letter (get_document shows it), or leave the quote out.',
  INVALID_CURSOR: 'Repeat the question with the cursor of its own last answer, or without a cursor.',
  VECTORS_UNAVAILABLE: 'Tell the user: use the store on a platform that sqlite-vec supports.',
  SHUTTING_DOWN: shuttingDown,
  NO_SESSION: 'Call start_session first, or pass a session_id.',
  NO_PROJECT: 'Pass project: the absolute path of the folder that you work in, or a name.',
  SESSION_AMBIGUOUS: 'Pass the session_id of the one that is meant.',
  INTERNAL: "Tell the user: this is a defect; the server's log on stderr has the details.",
};

/** An error that this service knows, as a tool result that an agent can act on; undefined for others. */
export function toToolError(error: unknown): CallToolResult | undefined {
  if (isSessionError(error)) {
    const { code, retryAfterMs, sessionId, reason } = error;
    return toolError(code, error.message, { retryAfterMs, sessionId, reason });
  }
  if (isKnowledgeError(error)) return toolError(error.code, error.message, {});
  return undefined;
}

/** What an agent hears of a defect: that there is one. Its details are for the log. */
export function internalToolError(tool: string): CallToolResult {
  return toolError('INTERNAL', `${tool} failed unexpectedly.`, {});
}

function toolError(
  code: ToolErrorCode,
  message: string,
  detail: {
    readonly retryAfterMs?: number | undefined;
    readonly sessionId?: string | undefined;
    readonly reason?: string | undefined;
  },
): CallToolResult {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  const after = detail.retryAfterMs === undefined ? '' : ` Try again in ${detail.retryAfterMs} ms.`;
  const known = Object.entries(detail).filter(([, value]) => value !== undefined);
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${sentence}\nWhat to do: ${advice[code]}${after}` }],
    _meta: { [errorMetaKey]: { code, ...Object.fromEntries(known) } },
  };
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
