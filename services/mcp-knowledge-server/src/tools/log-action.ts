import { z } from 'zod';

import { defineTool } from './define-tool.ts';
import { jsonObject } from './json-object.ts';
import { idempotencyKey, recordedEntry, recordEntry } from './record-entry.ts';
import { sessionId } from './session-id.ts';
import type { Tool } from './tool.ts';

export const logAction: Tool = defineTool({
  name: 'log_action',
  title: 'Log an action',
  description:
    'Appends an action to a session: what was done, to which files, whether it worked. On disk when this returns.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    type: z.string().min(1).max(64).describe('Such as edit, test, command, decision.'),
    description: z.string().min(1).max(100_000),
    files_affected: z.array(z.string().min(1).max(4096)).max(1000).optional(),
    success: z.boolean().optional(),
    details: jsonObject.optional(),
    idempotency_key: idempotencyKey,
  }),
  output: recordedEntry,
  run: (input, context) =>
    recordEntry(context, input.session_id, {
      type: 'action',
      text: input.description,
      data: {
        action: input.type,
        ...(input.files_affected === undefined ? {} : { files: input.files_affected }),
        ...(input.success === undefined ? {} : { success: input.success }),
        ...(input.details === undefined ? {} : { details: input.details }),
      },
      idempotencyKey: input.idempotency_key,
    }),
});
