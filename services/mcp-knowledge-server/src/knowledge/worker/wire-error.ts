import { isSessionError, SessionError, type SessionErrorCode } from '@endwell/session-core';

import { isKnowledgeError, KnowledgeError, type KnowledgeErrorCode } from '../../errors/knowledge-error.ts';

/** An error on its way between threads, where its class would be lost. */
export type WireError =
  | { readonly kind: 'knowledge'; readonly code: KnowledgeErrorCode; readonly message: string }
  | { readonly kind: 'session'; readonly code: SessionErrorCode; readonly message: string }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | undefined };

export function toWire(error: unknown): WireError {
  if (isKnowledgeError(error)) return { kind: 'knowledge', code: error.code, message: error.message };
  if (isSessionError(error)) return { kind: 'session', code: error.code, message: error.message };
  if (error instanceof Error) return { kind: 'other', message: error.message, stack: error.stack };
  return { kind: 'other', message: String(error), stack: undefined };
}

export function fromWire(wire: WireError): Error {
  switch (wire.kind) {
    case 'knowledge':
      return new KnowledgeError(wire.code, wire.message);
    case 'session':
      return new SessionError(wire.code, wire.message);
    default:
      return Object.assign(new Error(wire.message), wire.stack === undefined ? {} : { stack: wire.stack });
  }
}
