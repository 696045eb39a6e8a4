import type { Session } from '@endwell/session-core';
import { z } from 'zod';

import { clipLine } from './clip.ts';
import { timestamp, toTimestamp } from './session-view.ts';

/** A session in a list. */
export const sessionRow = z.object({
  session_id: z.string(),
  kind: z.string(),
  project: z.string().nullable(),
  agent: z.string().nullable(),
  state: z.enum(['active', 'ended']),
  started_at: timestamp,
  last_active_at: timestamp,
  ended_at: timestamp.nullable(),
  end_reason: z.string().nullable(),
  end_note: z.string().nullable(),
  entry_count: z.int(),
});

export type SessionRow = z.output<typeof sessionRow>;

export function viewSessionRow(session: Session): SessionRow {
  return {
    session_id: session.id,
    kind: session.kind,
    project: session.project,
    agent: session.agent,
    state: session.state,
    started_at: toTimestamp(session.startedAt),
    last_active_at: toTimestamp(session.lastActiveAt),
    ended_at: session.endedAt === null ? null : toTimestamp(session.endedAt),
    end_reason: session.endReason,
    end_note: session.endNote === null ? null : clipLine(session.endNote, 200),
    entry_count: session.entryCount,
  };
}
