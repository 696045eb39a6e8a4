import { isSessionError, type SessionError } from '@endwell/session-core';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

import { isDiaryError } from '../../errors/diary-error.ts';
import { isHttpProblem } from './http-problem.ts';
import { createProblem, type Problem } from './problem-document.ts';
import { type HTTP_PROBLEM_CODES, problemKinds } from './problem-codes.ts';

/** Fastify's own errors, by their code. */
const fastifyCodes: Readonly<Record<string, (typeof HTTP_PROBLEM_CODES)[number]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_BODY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_BODY',
  FST_ERR_BAD_URL: 'MALFORMED_URL',
  FST_ERR_MAX_PARAM_LENGTH: 'MALFORMED_URL',
};

/** Every error that a request can end with, as the document that answers it. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (isSessionError(error)) return fromSessionError(error, requestId);
  if (isHttpProblem(error)) {
    const { retryAfterMs, preview } = error;
    return createProblem(error.code, error.message, requestId, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(preview === undefined ? {} : { preview: { ...preview } }),
    });
  }
  if (isDiaryError(error) && error.code === 'IMPORT_WRONG_FORMAT') {
    return createProblem('INVALID_IMPORT', error.message, requestId);
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: [
        error.validationContext ?? 'body',
        ...instancePath.split('/').filter((part) => part !== ''),
      ].join('.'),
      message: message ?? 'is wrong',
    }));
    const [first] = errors;
    const detail =
      first === undefined ? 'The request does not fit its schema.' : `${first.path}: ${first.message}.`;
    return createProblem('INVALID_REQUEST', detail, requestId, { errors });
  }
  const code = fastifyCodes[(error as { readonly code?: string } | null)?.code ?? ''];
  if (code !== undefined)
    return createProblem(code, error instanceof Error ? error.message : String(error), requestId);
  // What broke inside is in the log under the request's id, and is nobody else's business.
  return createProblem('INTERNAL_ERROR', 'The log has the details under this request id.', requestId);
}

function fromSessionError(error: SessionError, requestId: string): Problem {
  const isOurs = problemKinds[error.code].status < 500;
  return createProblem(error.code, error.message, requestId, {
    ...(error.path !== undefined && isOurs ? { errors: [{ path: error.path, message: error.message }] } : {}),
    ...(error.sessionId === undefined ? {} : { sessionId: error.sessionId }),
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}
