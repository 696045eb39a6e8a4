import { createHash } from 'node:crypto';

import { KnowledgeError } from '../../errors/knowledge-error.ts';

/** A place in a list, bound to the question that made the list. */
export function encodeCursor(position: string, question: unknown): string {
  return Buffer.from(`${digest(question)} ${position}`).toString('base64url');
}

/** @throws KnowledgeError `INVALID_CURSOR` */
export function decodeCursor(cursor: string, question: unknown): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  const space = text.indexOf(' ');
  if (space > 0 && text.slice(0, space) === digest(question)) return text.slice(space + 1);
  throw new KnowledgeError('INVALID_CURSOR', 'The cursor is not one of this question.');
}

function digest(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
}
