import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { DiaryError } from '../../errors/diary-error.ts';
import { type TranscriptLine, transcriptLineSchema } from './transcript-line.ts';

export type TranscriptRecord =
  | { readonly kind: 'line'; readonly number: number; readonly line: TranscriptLine }
  /** No JSON object with a type. The last line of a file can be cut off while it is being written. */
  | { readonly kind: 'unreadable'; readonly number: number };

/**
 * Reads a transcript line by line, however large the file is.
 *
 * @throws DiaryError `IMPORT_UNREADABLE` when the file cannot be opened or read
 */
export async function* readTranscript(path: string): AsyncGenerator<TranscriptRecord> {
  const stream = createReadStream(path, 'utf8');
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const text of lines) {
      number += 1;
      if (text.trim() === '') continue;
      const line = parseLine(text);
      yield line === undefined ? { kind: 'unreadable', number } : { kind: 'line', number, line };
    }
  } catch (error) {
    throw new DiaryError('IMPORT_UNREADABLE', `${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    lines.close();
    stream.destroy();
  }
}

function parseLine(text: string): TranscriptLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Reported to the reader as an unreadable line, with its number.
  }
  const result = transcriptLineSchema.safeParse(value);
  return result.success ? result.data : undefined;
}
