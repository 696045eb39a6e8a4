import { z } from 'zod';

import { isSessionGone } from '../sessions/client-sessions.ts';
import { timestamp, toTimestamp } from '../sessions/session-view.ts';
import { jsonObject } from './json-object.ts';
import { defineTool } from './define-tool.ts';
import { sessionId } from './session-id.ts';
import type { Tool } from './tool.ts';

export const logAction: Tool = defineTool({
  name: 'log_action',
  title: 'Log an action',
  description:
    "Appends an action to a session's journal: what was done, to which files, whether it worked. Stored when this returns.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    type: z.string().min(1).max(64).describe('Such as edit, test, command, decision.'),
    description: z.string().min(1).max(100_000).describe('What was done.'),
    files_affected: z.array(z.string().min(1).max(4096)).max(1000).optional(),
    success: z.boolean().optional().describe('Whether it worked.'),
    details: jsonObject.optional(),
    idempotency_key: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('A retry with the same key adds nothing.'),
  }),
  output: z.object({
    session_id: z.string(),
    sequence: z.int().describe('The place in the journal, from 1.'),
    recorded_at: timestamp,
  }),
  run: async (input, { manager, clientSessions }) => {
    const id = await clientSessions.resolve(input.session_id);
    const recorded = manager.record(id, {
      type: 'action',
      text: input.description,
      data: {
        action: input.type,
        ...(input.files_affected === undefined ? {} : { files: input.files_affected }),
        ...(input.success === undefined ? {} : { success: input.success }),
        ...(input.details === undefined ? {} : { details: input.details }),
      },
      idempotencyKey: input.idempotency_key,
    });
    const [entry] = await recorded.catch((error: unknown) => {
      if (isSessionGone(error)) clientSessions.forget(id);
      throw error;
    });
    if (entry === undefined) throw new Error('the store recorded no entry');
    return {
      summary: `Logged as entry ${entry.sequence} of session ${id}.`,
      output: { session_id: id, sequence: entry.sequence, recorded_at: toTimestamp(entry.recordedAt) },
    };
  },
});
