import { isSessionError } from '@endwell/session-core';

import { isDiaryError } from '../errors/diary-error.ts';

export interface Complaint {
  /** One sentence with its code, on one line. */
  readonly line: string;
  /** 2 for what the caller wrote wrongly, 1 for everything else. */
  readonly exitCode: 1 | 2;
}

const callersMistakes = new Set(['INVALID_ARGUMENT', 'INVALID_CONFIG', 'TOKEN_REQUIRED', 'INVALID_OPTIONS']);

/** What a person gets to see of an error: never a stack trace. Undefined for a defect of this program. */
export function toComplaint(error: unknown): Complaint | undefined {
  if (!isDiaryError(error) && !isSessionError(error)) return undefined;
  const sentence = error.message.replaceAll(/\s+/g, ' ').trim();
  const end = /[.!?]$/.test(sentence) ? '' : '.';
  return {
    line: `diary: ${error.code}: ${sentence}${end}`,
    exitCode: callersMistakes.has(error.code) ? 2 : 1,
  };
}
