import { createHash } from 'node:crypto';

/**
 * How a line without an id of its own is known again, also when only the end of its file is read. Two lines
 * that are the same to the byte, their time included, are one event.
 */
export function lineKey(line: string): string {
  return `line-${createHash('sha256').update(line).digest('base64url')}`;
}
