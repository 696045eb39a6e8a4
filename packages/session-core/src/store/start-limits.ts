import { SessionError } from '../errors/session-error.ts';
import type { Session } from '../session/session.ts';
import { endOverdueStep } from './end-steps.ts';
import type { ActiveScope, SessionRows } from './session-rows.ts';

/** What keeps a cascade from filling a store. Checked in the transaction that starts a session. */
export interface StartLimits {
  /** The most active sessions of one owner. */
  readonly perOwner: number;
  /** The most active sessions of one project; those without a project count together. */
  readonly perProject: number;
  readonly perStore: number;
  /** Starts per second in one project, after a burst. */
  readonly startsPerSecond: number;
  readonly startBurst: number;
  /** The owner that runs this manager and can be asked for a sign of life; null where none does. */
  readonly managedOwner: string | null;
}

/** A burst comes back within this time; a bucket that is further ahead was written by a clock that was set back. */
export const MAX_BURST_RECOVERY_MS = 600_000;

const minRetryAfterMs = 1_000;
const maxRetryAfterMs = 60_000;
const overdueAtOnce = 100;

/** Ends overdue sessions where they stand in the way of a start: nobody may have swept yet. */
export function makeRoom(rows: SessionRows, session: Session, limits: StartLimits, now: number): Session[] {
  if (fullScope(rows, session, null, limits) === undefined) return [];
  return [...endOverdueStep(rows, now, overdueAtOnce).ended];
}

/**
 * Takes one start out of the project's bucket, or says why the session may not start. The bucket
 * is one number, the time at which it is full again (the generic cell rate algorithm of ATM,
 * ITU-T I.371).
 */
export function takeStart(
  rows: SessionRows,
  session: Session,
  replaced: Session | null,
  limits: StartLimits,
  now: number,
): SessionError | undefined {
  const full = fullScope(rows, session, replaced, limits);
  if (full !== undefined) return overQuota(rows, session, full, now);

  const intervalMs = 1000 / limits.startsPerSecond;
  const stored = rows.findStartsFullAt(session.project) ?? now;
  const fullAt = stored > now + MAX_BURST_RECOVERY_MS ? now : Math.max(stored, now);
  const waitMs = fullAt + intervalMs - (now + limits.startBurst * intervalMs);
  if (waitMs > 0) {
    const message = `sessions of ${nameOf('project', session)} are started too fast: at most ${limits.startsPerSecond} a second, ${limits.startBurst} at once`;
    return new SessionError('SESSION_RATE', message, { retryAfterMs: Math.ceil(waitMs) });
  }
  rows.storeStartsFullAt(session.project, fullAt + intervalMs, now);
  return undefined;
}

interface FullScope {
  readonly scope: ActiveScope;
  readonly limit: number;
}

function fullScope(
  rows: SessionRows,
  session: Session,
  replaced: Session | null,
  limits: StartLimits,
): FullScope | undefined {
  const scopes: FullScope[] = [
    { scope: 'project', limit: limits.perProject },
    { scope: 'store', limit: limits.perStore },
  ];
  // What nobody owns is held by its project's quota.
  if (session.owner !== null) scopes.unshift({ scope: 'owner', limit: limits.perOwner });
  return scopes.find(({ scope, limit }) => {
    const key = keyOf(scope, session);
    const freed = replaced !== null && keyOf(scope, replaced) === key ? 1 : 0;
    return rows.countActive(scope, key) - freed >= limit;
  });
}

function overQuota(rows: SessionRows, session: Session, full: FullScope, now: number): SessionError {
  const { scope, limit } = full;
  const nextAt = rows.nextCheckAt(scope === 'owner' ? keyOf(scope, session) : null) ?? now;
  // A deadline is the latest moment: an owner may die or a caller may end one before.
  const retryAfterMs = Math.min(Math.max(nextAt - now, minRetryAfterMs), maxRetryAfterMs);
  const message = `${nameOf(scope, session)} already has ${limit} active sessions`;
  return new SessionError('SESSION_QUOTA', message, { retryAfterMs, path: `quotas.${quotaNames[scope]}` });
}

const quotaNames = { owner: 'perOwner', project: 'perProject', store: 'perStore' } as const;

function keyOf(scope: ActiveScope, session: Session): string {
  if (scope === 'owner') return session.owner?.identity ?? '';
  return scope === 'project' ? (session.project ?? '') : '';
}

function nameOf(scope: ActiveScope, session: Session): string {
  if (scope === 'store') return 'the store';
  if (scope === 'owner') return `owner ${keyOf(scope, session)}`;
  return session.project === null ? 'no project' : `project ${JSON.stringify(session.project.slice(0, 80))}`;
}
