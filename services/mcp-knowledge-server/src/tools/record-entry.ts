import type { NewEntry } from '@endwell/session-core';
import { z } from 'zod';

import { isSessionGone } from '../sessions/client-sessions.ts';
import { timestamp, toTimestamp } from '../sessions/session-view.ts';
import type { ToolContext, ToolOutcome } from './tool.ts';

/** What is said of an entry that has been stored. */
export const recordedEntry = z.object({
  session_id: z.string(),
  sequence: z.int().describe('Place in the journal, from 1.'),
  recorded_at: timestamp,
});

export const idempotencyKey: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('A retry with the same key adds nothing.');

/** Appends one entry to the session that a call is about; it is stored when this resolves. */
export function recordEntry(
  { manager, clientSessions, pendingWrites }: ToolContext,
  sessionId: string | undefined,
  entry: NewEntry,
): Promise<ToolOutcome<z.output<typeof recordedEntry>>> {
  return pendingWrites.track(sessionId, async () => {
    const id = await clientSessions.resolve(sessionId);
    const [stored] = await manager.record(id, [entry]).catch((error: unknown) => {
      if (isSessionGone(error)) clientSessions.forget(id);
      throw error;
    });
    if (stored === undefined) throw new Error('the store recorded no entry');
    return {
      summary: `Logged as entry ${stored.sequence} of session ${id}.`,
      output: { session_id: id, sequence: stored.sequence, recorded_at: toTimestamp(stored.recordedAt) },
    };
  });
}
