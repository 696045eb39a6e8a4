import { z } from 'zod';

import { isSessionGone } from '../sessions/client-sessions.ts';
import { timestamp, toTimestamp, viewSession } from '../sessions/session-view.ts';
import { defineTool } from './define-tool.ts';
import { sessionId } from './session-id.ts';
import type { Tool } from './tool.ts';

export const endSession: Tool = defineTool({
  name: 'end_session',
  title: 'End a session',
  description:
    'Ends a session as completed, for good. Without session_id only the one that this client started.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.object({
    session_id: sessionId,
    note: z.string().min(1).max(1000).optional().describe('What was achieved, what is left.'),
  }),
  output: z.object({
    session_id: z.string(),
    project: z.string().nullable(),
    started_at: timestamp,
    ended_at: timestamp,
    end_reason: z.string(),
    duration_ms: z.int(),
    entry_count: z.int(),
  }),
  run: async (input, { manager, clientSessions }) => {
    const id = await clientSessions.resolve(input.session_id);
    const ending = manager.end(id, { reason: 'completed', note: input.note });
    const session = await ending.catch((error: unknown) => {
      if (isSessionGone(error)) clientSessions.forget(id);
      throw error;
    });
    clientSessions.forget(id);
    const { endedAt, endReason } = session;
    if (endedAt === null || endReason === null)
      throw new Error('the store returned a session without an end');
    return {
      summary: `Session ${id} has ended (${endReason}).`,
      output: {
        ...viewSession(session),
        ended_at: toTimestamp(endedAt),
        end_reason: endReason,
        // Wall clocks can be set back.
        duration_ms: Math.max(0, endedAt - session.startedAt),
        entry_count: session.entryCount,
      },
    };
  },
});
