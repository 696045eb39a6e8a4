import type { Session, SessionManager } from '@endwell/session-core';

/** What a project's sessions look like from outside, at one moment. */
export interface ProjectState {
  /** Newest first; at most `scanned` of them. */
  readonly sessions: readonly Session[];
  readonly active: readonly Session[];
  /** The newest that has ended and holds something, of whichever agent. */
  readonly lastEnded: Session | undefined;
  /** When anything last happened; null when there is no session. */
  readonly lastActivityAt: number | null;
  readonly week: { readonly sessions: number; readonly entries: number };
  readonly level: ActivityLevel;
}

/** By how many sessions started in the last seven days. */
export const ACTIVITY_LEVELS = ['none', 'low', 'moderate', 'high'] as const;

export type ActivityLevel = (typeof ACTIVITY_LEVELS)[number];

const weekMs = 7 * 24 * 60 * 60 * 1000;
/** As many as one question to the store answers quickly. */
export const scannedSessions = 100;

export async function readProjectState(
  manager: SessionManager,
  project: string,
  now: number = Date.now(),
): Promise<ProjectState> {
  const { sessions } = await manager.list({ project, limit: scannedSessions });
  // What is active may be older than the newest hundred.
  const active =
    sessions.length < scannedSessions
      ? sessions.filter(({ state }) => state === 'active')
      : (await manager.list({ project, state: 'active', limit: scannedSessions })).sessions;
  const recent = sessions.filter(({ startedAt }) => startedAt > now - weekMs);
  return {
    sessions,
    active,
    lastEnded: sessions.find(({ state, entryCount }) => state === 'ended' && entryCount > 0),
    lastActivityAt:
      sessions.length === 0 ? null : Math.max(...sessions.map((session) => session.lastActiveAt)),
    week: {
      sessions: recent.length,
      entries: recent.reduce((sum, { entryCount }) => sum + entryCount, 0),
    },
    level: activityLevel(recent.length),
  };
}

/** In one sentence. */
export function describeProject({ level, week, active }: ProjectState): string {
  return `Activity is ${level}: ${plural(week.sessions, 'session')} with ${week.entries} entries in seven days, ${active.length} active now.`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function activityLevel(sessionsThisWeek: number): ActivityLevel {
  if (sessionsThisWeek === 0) return 'none';
  if (sessionsThisWeek < 5) return 'low';
  return sessionsThisWeek < 20 ? 'moderate' : 'high';
}
