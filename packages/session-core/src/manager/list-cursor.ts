import { SessionError } from '../errors/session-error.ts';
import type { Session } from '../session/session.ts';
import type { ListPosition } from '../store/session-store.ts';

export function formatListCursor({ startedAt, id }: Session): string {
  return Buffer.from(`${startedAt}:${id}`).toString('base64url');
}

export function parseListCursor(cursor: string): ListPosition {
  const match = /^(\d{1,16}):(ses_[0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const [, startedAt, id] = match ?? [];
  if (id === undefined)
    throw new SessionError('INVALID_OPTIONS', 'cursor: not a cursor of a list', { path: 'cursor' });
  return { startedAt: Number(startedAt), id };
}
