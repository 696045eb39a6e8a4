import { isDeepStrictEqual } from 'node:util';

import { SessionError } from '../errors/session-error.ts';
import { externalIdInUse, sessionNotFound } from '../errors/session-refusals.ts';
import { deadlineOf, isOverdue, ownTime } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { endTree } from './end-steps.ts';
import { isAncestor } from './is-ancestor.ts';
import type { SessionRows } from './session-rows.ts';
import type { ImportResult, ImportStep, StepResult } from './session-store.ts';

/**
 * Stores a finished history, or what is new of it: `(none)` becomes `ended(imported)` at once.
 * Only an imported session can grow; its parent is set once, its metadata follows the newest copy. A history that was recorded live is not taken in a second
 * time: it is refused with the id of the session that has it.
 */
export function importStep(rows: SessionRows, step: ImportStep, now: number): StepResult<ImportResult> {
  const { source, externalId } = step.session;
  if (source === null || externalId === null)
    throw new TypeError('an import has a source and an external id');

  const { parentId } = step.session;
  const parent = parentId === null ? null : rows.find(parentId);
  if (parent === undefined) return { ok: false, error: sessionNotFound(parentId ?? ''), ended: [] };

  const imported = rows.findLatestByExternalId(source, externalId, 'imported');
  if (imported === undefined) {
    const live = rows.findLatestByExternalId(source, externalId);
    if (live === undefined) return create(rows, step, now);
    const ended = isOverdue(live, now)
      ? endTree(rows, live, { reason: 'idle_timeout', note: null }, now)
      : [];
    return { ok: false, error: externalIdInUse(live), ended };
  }
  if (imported.parentId === null && isAncestor(rows, imported, parent)) {
    const message = `session ${imported.id} cannot be below itself`;
    return {
      ok: false,
      error: new SessionError('INVALID_OPTIONS', message, { path: 'parentId' }),
      ended: [],
    };
  }
  return extend(rows, imported, step, now);
}

function create(rows: SessionRows, step: ImportStep, now: number): StepResult<ImportResult> {
  rows.insert(step.session);
  const added = appendNew(rows, step, null, ownTime(step.session, now));
  const session = { ...step.session, entryCount: added };
  rows.extendImported(session);
  rows.appendEvent({
    type: 'session:ended',
    sessionId: session.id,
    revision: session.revision,
    reason: 'imported',
    sequence: null,
    at: ownTime(session, now),
  });
  return { ok: true, value: { session, added }, ended: [] };
}

function extend(
  rows: SessionRows,
  imported: Session,
  step: ImportStep,
  now: number,
): StepResult<ImportResult> {
  const at = ownTime(step.session, now);
  const added = appendNew(rows, step, imported, at);
  const endedAt = Math.max(imported.endedAt ?? 0, step.session.endedAt ?? 0);
  // An older copy of the history has nothing to say about it.
  const newer = step.replacesMetadata && endedAt === step.session.endedAt;
  const metadata = newer ? step.session.metadata : imported.metadata;
  const parentId = imported.parentId ?? step.session.parentId;
  const same = parentId === imported.parentId && isDeepStrictEqual(metadata, imported.metadata);
  if (added === 0 && same) return { ok: true, value: { session: imported, added }, ended: [] };
  const moved = {
    ...imported,
    metadata,
    parentId,
    endedAt,
    lastActiveAt: endedAt,
    entryCount: imported.entryCount + added,
    revision: imported.revision + 1,
  };
  const session: Session = { ...moved, expiresAt: deadlineOf(moved).at };
  rows.extendImported(session);
  if (added === 0) return { ok: true, value: { session, added }, ended: [] };
  rows.appendEvent({
    type: 'session:recorded',
    sessionId: session.id,
    revision: session.revision,
    reason: null,
    sequence: session.entryCount,
    at,
  });
  return { ok: true, value: { session, added }, ended: [] };
}

/** A key counts in every session with this external id: a continuation may have recorded it live. */
function appendNew(rows: SessionRows, step: ImportStep, imported: Session | null, at: number): number {
  const { source, externalId } = step.session;
  const id = imported?.id ?? step.session.id;
  let sequence = imported?.entryCount ?? 0;
  const first = sequence;
  for (const entry of step.entries) {
    if (rows.hasKey(source ?? '', externalId ?? '', entry.idempotencyKey ?? '')) continue;
    sequence += 1;
    rows.appendEntry(id, sequence, entry, at);
  }
  return sequence - first;
}
