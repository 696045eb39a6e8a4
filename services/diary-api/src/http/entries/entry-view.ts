import type { Entry, NewEntry } from '@endwell/session-core';

import { isoTime } from '../iso-time.ts';
import type { EntryView, NewEntryRequest } from './entry-schema.ts';

export function entryView(entry: Entry): EntryView {
  return {
    sessionId: entry.sessionId,
    sequence: entry.sequence,
    type: entry.type,
    text: entry.text,
    data: entry.data === null ? null : { ...entry.data },
    idempotencyKey: entry.idempotencyKey,
    recordedAt: isoTime(entry.recordedAt),
    occurredAt: isoTime(entry.occurredAt),
    purgedAt: isoTime(entry.purgedAt),
  };
}

export function newEntry(request: NewEntryRequest, key: string | null): NewEntry {
  return {
    ...request,
    idempotencyKey: key,
    occurredAt: request.occurredAt == null ? null : Date.parse(request.occurredAt),
  };
}
