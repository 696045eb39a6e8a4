import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { idempotencyKey, recordedEntry, recordEntry } from './record-entry.ts';
import { sessionId } from './session-id.ts';
import type { Tool } from './tool.ts';

export const logMessage: Tool = defineTool({
  name: 'log_message',
  title: 'Log a message',
  description: 'Appends a message of the conversation to a session. On disk when this returns.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    role: z.enum(['user', 'assistant', 'system']),
    content: z.string().min(1).max(100_000),
    idempotency_key: idempotencyKey,
  }),
  output: recordedEntry,
  run: (input, context) =>
    recordEntry(context, input.session_id, {
      type: 'message',
      text: input.content,
      data: { role: input.role },
      idempotencyKey: input.idempotency_key,
    }),
});
