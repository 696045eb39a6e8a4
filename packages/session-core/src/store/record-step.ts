import { SessionError } from '../errors/session-error.ts';
import { sessionNotFound } from '../errors/session-refusals.ts';
import type { Entry } from '../session/entry.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import { toEntry } from '../session/to-entry.ts';
import type { Session } from '../session/session.ts';
import { ownTime } from '../session/session-state.ts';
import { admit } from './end-steps.ts';
import type { SessionRows, StoredEntry } from './session-rows.ts';
import type { StepResult } from './session-store.ts';

export function touchStep(rows: SessionRows, id: string, now: number): StepResult<Session> {
  const admitted = admit(rows, id, { type: 'touch' }, now);
  if (!admitted.ok) return admitted;
  rows.moveActivity(admitted.value.after);
  return { ok: true, value: admitted.value.after, ended: [] };
}

/** Appends all entries or none. One whose key and content are already there is answered with what is stored. */
export function recordStep(
  rows: SessionRows,
  id: string,
  entries: readonly PreparedEntry[],
  now: number,
): StepResult<Entry[]> {
  const before = rows.find(id);
  if (before === undefined) return { ok: false, error: sessionNotFound(id), ended: [] };
  const at = ownTime(before, now);
  const recorded: Entry[] = [];
  const fresh: { entry: PreparedEntry; sequence: number }[] = [];
  let seen: Map<string, StoredEntry> | undefined;
  let conflicting: string | null = null;
  for (const entry of entries) {
    const key = entry.idempotencyKey;
    const known = key === null ? undefined : (seen?.get(key) ?? rows.findEntryByKey(id, key));
    if (known !== undefined) {
      // Of a purged entry nothing is left to compare with.
      const same = known.entry.purgedAt !== null || known.contentHash === entry.contentHash;
      if (!same) conflicting ??= key;
      recorded.push(known.entry);
      continue;
    }
    const sequence = before.entryCount + fresh.length + 1;
    const stored = toEntry(id, sequence, entry, at, null);
    fresh.push({ entry, sequence });
    recorded.push(stored);
    if (key !== null) (seen ??= new Map()).set(key, { entry: stored, contentHash: entry.contentHash });
  }

  // That the session has ended comes first.
  const admitted = admit(rows, id, { type: 'record', count: fresh.length }, now);
  if (!admitted.ok) return admitted;
  if (conflicting !== null) return { ok: false, error: conflict(id, conflicting), ended: [] };
  const { after } = admitted.value;
  for (const { entry, sequence } of fresh) rows.appendEntry(id, sequence, entry, at);
  rows.moveActivity(after);
  if (fresh.length > 0) {
    rows.appendEvent({
      type: 'session:recorded',
      sessionId: id,
      revision: after.revision,
      reason: null,
      sequence: after.entryCount,
      at,
    });
  }
  return { ok: true, value: recorded, ended: [] };
}

function conflict(sessionId: string, key: string | null): SessionError {
  return new SessionError(
    'IDEMPOTENCY_CONFLICT',
    `the idempotency key ${JSON.stringify(key)} was used in session ${sessionId} with other content`,
    { sessionId, path: 'idempotencyKey' },
  );
}
