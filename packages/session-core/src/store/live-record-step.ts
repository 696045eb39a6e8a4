import { isOverdue, presentSession } from '../session/session-state.ts';
import type { Entry } from '../session/entry.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { Session } from '../session/session.ts';
import { recordStep } from './record-step.ts';
import type { SessionRows } from './session-rows.ts';
import type { StepResult } from './session-store.ts';
import type { StartLimits } from './start-limits.ts';
import { startStep, startTime } from './start-step.ts';

export interface LiveRecord {
  readonly session: Session;
  readonly started: boolean;
  /** What was new. */
  readonly entries: readonly Entry[];
}

/**
 * Records what is new under an external id, wherever that id has got to:
 *
 *   active session with that id   entries        what happens
 *   ----------------------------  -------------  ----------------------------------------------
 *   of the same owner             any            the new ones are appended; counts as activity
 *   none, or of another owner     some are new   a continuation is started and takes them
 *   of another owner              all known      nothing
 *   none                          all known      nothing; the latest ended session is the answer
 */
export function liveRecordStep(
  rows: SessionRows,
  session: Session,
  entries: readonly PreparedEntry[],
  limits: StartLimits,
): StepResult<LiveRecord> {
  const { source, externalId } = session;
  if (source === null || externalId === null) throw new TypeError('needs a source and an external id');
  const now = startTime(session);
  const fresh = newOnes(rows, source, externalId, entries);
  const found = rows.findActiveByExternalId(source, externalId);
  const active = found === undefined || isOverdue(found, now) ? undefined : found;

  if (active !== undefined && active.owner?.identity === session.owner?.identity) {
    return append(rows, active, false, fresh, now, []);
  }
  const latest = active ?? rows.findLatestByExternalId(source, externalId);
  if (fresh.length === 0 && latest !== undefined) {
    // An overdue one is shown as it will be stored: whoever sweeps ends it.
    const value = { session: presentSession(latest, now), started: false, entries: [] };
    return { ok: true, value, ended: [] };
  }
  const result = startStep(rows, session, limits);
  return result.ok ? append(rows, result.value, true, fresh, now, result.ended) : result;
}

function append(
  rows: SessionRows,
  into: Session,
  started: boolean,
  entries: readonly PreparedEntry[],
  now: number,
  ended: readonly Session[],
): StepResult<LiveRecord> {
  const result = recordStep(rows, into.id, entries, now);
  if (!result.ok) throw result.error;
  const session = rows.find(into.id) ?? into;
  return { ok: true, value: { session, started, entries: result.value }, ended };
}

/** A key counts in every session with this external id: an import or an earlier one may have it. */
function newOnes(
  rows: SessionRows,
  source: string,
  externalId: string,
  entries: readonly PreparedEntry[],
): PreparedEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ idempotencyKey }) => {
    const key = idempotencyKey ?? '';
    if (seen.has(key) || rows.hasKey(source, externalId, key)) return false;
    seen.add(key);
    return true;
  });
}
