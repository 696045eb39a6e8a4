import type { Entry, NewEntry } from '@endwell/session-core';

import { filesOf } from '../actions/action-view.ts';
import { isoTime } from '../iso-time.ts';
import type { MessageView, NewMessageRequest } from './message-schema.ts';

export const MESSAGE_TYPE = 'message';

export function messageView(entry: Entry): MessageView {
  const data = entry.data ?? {};
  return {
    sessionId: entry.sessionId,
    sequence: entry.sequence,
    role: roleOf(entry),
    content: entry.text,
    reasoning: typeof data['reasoning'] === 'string' ? data['reasoning'] : null,
    toolsUsed: Array.isArray(data['tools']) ? data['tools'].filter((tool) => typeof tool === 'string') : [],
    files: filesOf(entry),
    context: data['context'] ?? null,
    idempotencyKey: entry.idempotencyKey,
    recordedAt: isoTime(entry.recordedAt),
    occurredAt: isoTime(entry.occurredAt),
  };
}

export function newMessage(request: NewMessageRequest, key: string | null): NewEntry {
  const { role, content, reasoning, toolsUsed, files, context } = request;
  return {
    type: MESSAGE_TYPE,
    text: content,
    data: {
      role,
      ...(reasoning == null ? {} : { reasoning }),
      ...(toolsUsed === undefined ? {} : { tools: toolsUsed }),
      ...(files === undefined ? {} : { files }),
      ...(context == null ? {} : { context }),
    },
    idempotencyKey: key,
    occurredAt: request.occurredAt == null ? null : Date.parse(request.occurredAt),
  };
}

export function roleOf(entry: Entry): string | null {
  const role = entry.data?.['role'];
  return typeof role === 'string' ? role : null;
}
