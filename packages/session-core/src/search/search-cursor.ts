import { SessionError } from '../errors/session-error.ts';
import type { SearchOrder } from './search.ts';

/** Where the next page begins: after so many hits by relevance, or below an entry's key. */
export type SearchPosition =
  | { readonly order: 'relevance'; readonly newest: number; readonly offset: number }
  | { readonly order: 'newest'; readonly below: number };

export function formatSearchCursor(position: SearchPosition): string {
  const numbers =
    position.order === 'relevance' ? `r:${position.newest}:${position.offset}` : `n:${position.below}`;
  return Buffer.from(numbers).toString('base64url');
}

/** @throws SessionError `INVALID_OPTIONS` for what is no cursor of this order */
export function parseSearchCursor(cursor: string, order: SearchOrder): SearchPosition {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, newest, offset] = /^r:(\d{1,15}):(\d{1,9})$/.exec(text) ?? [];
  if (order === 'relevance' && offset !== undefined) {
    return { order, newest: Number(newest), offset: Number(offset) };
  }
  const [, below] = /^n:(\d{1,15})$/.exec(text) ?? [];
  if (order === 'newest' && below !== undefined) return { order, below: Number(below) };
  throw new SessionError('INVALID_OPTIONS', `cursor: not a cursor of a search by ${order}`, {
    path: 'cursor',
  });
}
