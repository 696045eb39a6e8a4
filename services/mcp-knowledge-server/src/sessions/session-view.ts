import type { Session } from '@endwell/session-core';
import { z } from 'zod';

/** A moment, as agents read it. Without zod's pattern, which would cost each mention 90 tokens. */
export const timestamp: z.ZodString = z.string().meta({ format: 'date-time' });

export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The part of a session that every tool shows. */
export interface SessionView {
  readonly session_id: string;
  readonly project: string | null;
  readonly started_at: string;
}

export function viewSession(session: Session): SessionView {
  return {
    session_id: session.id,
    project: session.project,
    started_at: toTimestamp(session.startedAt),
  };
}
