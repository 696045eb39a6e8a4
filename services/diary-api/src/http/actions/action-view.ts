import type { Entry, NewEntry } from '@endwell/session-core';

import { isoTime } from '../iso-time.ts';
import type { ActionView, NewActionRequest } from './action-schema.ts';

export const ACTION_TYPE = 'action';

/** Also for actions that came from elsewhere: an import keeps a tool's input as `input`. */
export function actionView(entry: Entry): ActionView {
  const data = entry.data ?? {};
  return {
    sessionId: entry.sessionId,
    sequence: entry.sequence,
    type: typeof data['action'] === 'string' ? data['action'] : null,
    description: entry.text,
    details: data['details'] ?? data['input'] ?? null,
    files: filesOf(entry),
    success: typeof data['success'] === 'boolean' ? data['success'] : null,
    idempotencyKey: entry.idempotencyKey,
    recordedAt: isoTime(entry.recordedAt),
    occurredAt: isoTime(entry.occurredAt),
  };
}

export function newAction(request: NewActionRequest, key: string | null): NewEntry {
  const { type, description, details, files, success } = request;
  return {
    type: ACTION_TYPE,
    text: description,
    data: {
      action: type,
      ...(details == null ? {} : { details }),
      ...(files === undefined ? {} : { files }),
      ...(success == null ? {} : { success }),
    },
    idempotencyKey: key,
    occurredAt: request.occurredAt == null ? null : Date.parse(request.occurredAt),
  };
}

/** The files that an entry names. */
export function filesOf(entry: Entry): string[] {
  const files = entry.data?.['files'];
  return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
}
