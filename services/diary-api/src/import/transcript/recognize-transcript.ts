import { createClaudeCodeReader } from '../claude-code/claude-code-reader.ts';
import { createCodexReader } from '../codex/codex-reader.ts';
import { isObject, parseObject, textOf } from './parse-object.ts';
import type { TranscriptReader } from './transcript-reader.ts';

/** The reader for a file, chosen by the first of its lines that is a JSON object. */
export function recognizeTranscript(firstObject: string): TranscriptReader {
  const line = parseObject(firstObject) ?? {};
  const isWrapped = isObject(line['payload']) && textOf(line['type']) !== null;
  const isBareMeta =
    line['type'] === undefined && textOf(line['id']) !== null && textOf(line['timestamp']) !== null;
  return isWrapped || isBareMeta ? createCodexReader() : createClaudeCodeReader();
}
