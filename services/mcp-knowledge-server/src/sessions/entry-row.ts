import type { Entry } from '@endwell/session-core';
import { z } from 'zod';

import { clip } from './clip.ts';
import { timestamp, toTimestamp } from './session-view.ts';

/** A journal entry in an answer: its text and data are cut where they are long. */
export const entryRow = z.object({
  sequence: z.int(),
  type: z.string(),
  at: timestamp,
  text: z.string().nullable(),
  data: z.string().nullable().describe('As JSON.'),
  cut: z.boolean().describe('Text or data was longer.'),
});

export type EntryRow = z.output<typeof entryRow>;

const textCharacters = 2000;
const dataCharacters = 1000;

export function viewEntry({ sequence, type, text, data, recordedAt, occurredAt }: Entry): EntryRow {
  const json = data === null ? null : JSON.stringify(data);
  return {
    sequence,
    type,
    at: toTimestamp(occurredAt ?? recordedAt),
    text: text === null ? null : clip(text, textCharacters),
    data: json === null ? null : clip(json, dataCharacters),
    cut: (text?.length ?? 0) > textCharacters || (json?.length ?? 0) > dataCharacters,
  };
}
