import { closeSync, openSync, readSync } from 'node:fs';

import { DiaryError } from '../../errors/diary-error.ts';

export interface FileLine {
  /** From 1; counted from where the reading began. */
  readonly number: number;
  /** Without its line break. Null for a line that is longer than any program writes: it is passed over. */
  readonly text: string | null;
  /** False for the last one of a file that does not end in a line break: it may still be being written. */
  readonly isComplete: boolean;
}

export interface ReadLinesOptions {
  /** The byte to begin at, which has to be the first of a line. @defaultValue 0 */
  readonly start?: number | undefined;
  /** Told of the bytes as they are read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/**
 * The lines of a file that are not blank, however large the file is. Reads a piece at a time without the
 * machinery of streams, which takes a hook longer to load than to read what is new.
 *
 * @throws DiaryError `IMPORT_UNREADABLE` when the file cannot be opened or read
 */
export async function* readLines(path: string, options: ReadLinesOptions = {}): AsyncGenerator<FileLine> {
  yield* splitLines(readChunks(path, options.start ?? 0), options.onBytes);
}

/** The lines of what comes in pieces that are not blank. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  onBytes: ReadLinesOptions['onBytes'] = () => {},
): AsyncGenerator<FileLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  const take = (isComplete: boolean): FileLine | undefined => {
    number += 1;
    const text = length > MAX_LINE_BYTES ? null : Buffer.concat(parts).toString('utf8').trimEnd();
    parts = [];
    length = 0;
    return text === null || text.trim() !== '' ? { number, text, isComplete } : undefined;
  };
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      const line = take(true);
      if (line !== undefined) yield line;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  const last = length > 0 ? take(false) : undefined;
  if (last !== undefined) yield last;
}

/** What goes wrong while the file is read is told apart from what goes wrong with its lines. */
function* readChunks(path: string, start: number): Generator<Buffer> {
  const file = attempt(path, () => openSync(path, 'r'));
  try {
    for (let position = start; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      // A pipe is read from where it is; only a file has places.
      const bytes = attempt(path, () => readSync(file, chunk, 0, CHUNK_BYTES, start === 0 ? null : position));
      if (bytes === 0) return;
      position += bytes;
      yield chunk.subarray(0, bytes);
    }
  } finally {
    closeSync(file);
  }
}

function attempt<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new DiaryError('IMPORT_UNREADABLE', `${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
