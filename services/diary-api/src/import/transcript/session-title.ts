import type { TranscriptEntry } from './transcript-reader.ts';

const MAX_LENGTH = 120;

/** The first line of a prompt, for lists. Undefined for an entry that a person did not write. */
export function titleOf({ kind, entry }: TranscriptEntry): string | undefined {
  if (kind !== 'user' || entry.data?.['isMeta'] === true) return undefined;
  const line = (entry.text ?? '')
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  // Commands and their output, reminders and pasted context come in marks, or say so.
  if (line === undefined || /^(?:<|\[|Caveat:)/.test(line)) return undefined;
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
}
