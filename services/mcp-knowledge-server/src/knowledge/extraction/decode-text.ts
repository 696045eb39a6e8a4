import { KnowledgeError } from '../../errors/knowledge-error.ts';

const byteOrderMarks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Bytes as text: UTF-8, or what a byte order mark says.
 *
 * @throws KnowledgeError `NOT_TEXT` for what is no text, whatever the file is called
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  try {
    const text = new TextDecoder(marked?.[0] ?? 'utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new KnowledgeError('NOT_TEXT', `${name} is no text: its bytes are neither UTF-8 nor marked UTF-16.`);
}
