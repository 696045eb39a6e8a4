import type { SessionEvent } from '../../session/session-event.ts';
import type { Session } from '../../session/session.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { knowSession, latestEnd, latestEndHere, type KnownSession } from './known-session.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { ensure } from './simulation-violation.ts';

/** A store's step, as it was called. */
export interface AppliedStep {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: unknown;
}

/**
 * What happened in the store, seen through its event log after every single step, and what must
 * not happen in it. It knows nothing of managers, and takes no rule from the code under test.
 */
export interface SimulationHistory {
  readonly sessions: ReadonlyMap<string, KnownSession>;
  readonly ends: Readonly<Record<string, number>>;
  /** True when the step added events. */
  check(step: AppliedStep): Promise<boolean>;
  /** A clock that was set back may show as active again what is stored as active. */
  forgetShown(): void;
  /** Active sessions that are past their deadline or whose owner is dead. */
  overdue(): KnownSession[];
  activeCount(): number;
}

const eventPage = 2_000;
/** A time before everything: what is stored, whether or not a deadline has passed. */
const asStored = (): number => 0;

export function createSimulationHistory(
  inspector: SessionStore,
  machine: SimulatedMachine,
  quotas: { readonly perOwner: number; readonly perStore: number },
): SimulationHistory {
  const sessions = new Map<string, KnownSession>();
  const active = new Set<KnownSession>();
  const activeExternalIds = new Map<string, KnownSession>();
  const ends: Record<string, number> = {};
  let cursor = 0;

  const known = (id: string): KnownSession => {
    const found = sessions.get(id);
    ensure(found !== undefined, () => `session ${id} was never seen to start`);
    return found;
  };
  const stored = async (id: string): Promise<Session> => {
    const session = await inspector.get(id, asStored);
    ensure(session !== undefined, () => `session ${id} is gone`);
    return session;
  };
  const externalKey = (session: KnownSession): string | null =>
    session.externalId === null ? null : `${session.source} ${session.externalId}`;

  const begin = async (event: SessionEvent): Promise<void> => {
    const session = await stored(event.sessionId);
    ensure(!sessions.has(session.id), () => `session ${session.id} started twice`);
    ensure(event.revision === 1, () => `session ${session.id} started with revision ${event.revision}`);
    const fresh = knowSession(session);
    const key = externalKey(fresh);
    if (key !== null) {
      ensure(!activeExternalIds.has(key), () => `${key} is active twice, at last as ${session.id}`);
      activeExternalIds.set(key, fresh);
    }
    if (session.parentId !== null) {
      const parent = known(session.parentId);
      ensure(parent.end === null, () => `session ${session.id} started below an ended one`);
      parent.children.push(fresh);
    }
    if (session.continues !== null) {
      const before = known(session.continues);
      ensure(before.end !== null, () => `session ${session.id} continues one that has not ended`);
    }
    sessions.set(session.id, fresh);
    active.add(fresh);
    ensure(active.size <= quotas.perStore, () => `${active.size} sessions are active, over the quota`);
    if (fresh.owner !== null) {
      const owned = [...active].filter((it) => it.owner === fresh.owner);
      ensure(
        owned.length <= quotas.perOwner,
        () => `${owned.length} sessions of ${fresh.owner}, over its quota`,
      );
    }
  };

  const finish = async (event: SessionEvent, now: number): Promise<void> => {
    const session = await stored(event.sessionId);
    const { endReason, endedAt } = session;
    ensure(session.state === 'ended', () => `session ${session.id} has an end event and is active`);
    ensure(endReason === event.reason, () => `session ${session.id} ended with two reasons`);
    ensure(endReason !== null && endedAt !== null, () => `session ${session.id} ended without a reason`);
    ends[endReason] = (ends[endReason] ?? 0) + 1;
    if (endReason === 'imported') {
      ensure(!sessions.has(session.id), () => `session ${session.id} was imported over another`);
      const fresh = knowSession(session);
      fresh.end = { reason: endReason, at: endedAt };
      sessions.set(session.id, fresh);
      await readJournal(fresh, session.entryCount);
      return;
    }
    const it = known(session.id);
    ensure(it.end === null, () => `session ${it.id} ended twice: ${it.end?.reason}, ${endReason}`);
    ensure(event.revision === it.revision + 1, () => `the end of ${it.id} did not raise its revision by one`);
    for (const child of it.children) {
      ensure(child.end !== null, () => `session ${it.id} ended before its child ${child.id}`);
    }
    const latest = latestEnd(it);
    const due = latestEndHere(it);
    ensure(endedAt >= it.startedAt, () => `session ${it.id} ended before it started`);
    ensure(endedAt <= latest, () => `session ${it.id} ended ${endedAt - latest} ms past its bounds`);
    if (endReason === 'idle_timeout' || endReason === 'max_lifetime') {
      ensure(endedAt === latest, () => `session ${it.id} timed out ${latest - endedAt} ms early`);
      ensure(due <= now, () => `session ${it.id} was ended ${due - now} ms before its deadline`);
      const bound = it.startedAt + it.maxLifetimeMs === latest ? 'max_lifetime' : 'idle_timeout';
      ensure(endReason === bound, () => `session ${it.id} ended by ${bound} and says ${endReason}`);
    } else {
      ensure(due > now, () => `session ${it.id} ended as ${endReason} ${now - due} ms past its deadline`);
    }
    if (endReason === 'owner_died') {
      ensure(it.owner !== null && machine.isDead(it.owner), () => `the owner of ${it.id} had not died`);
    }
    it.end = { reason: endReason, at: endedAt };
    it.revision = event.revision;
    active.delete(it);
    const key = externalKey(it);
    if (key !== null) activeExternalIds.delete(key);
  };

  const readJournal = async (it: KnownSession, upTo: number): Promise<void> => {
    const from = it.journal.length;
    const added = await inspector.entries(it.id, { after: from, limit: upTo - from });
    ensure(
      added.length === upTo - from,
      () => `session ${it.id} has ${from + added.length} of ${upTo} entries`,
    );
    for (const [index, entry] of added.entries()) {
      ensure(
        entry.sequence === from + index + 1,
        () => `sequence ${entry.sequence} in ${it.id} leaves a gap`,
      );
      if (entry.idempotencyKey !== null) {
        ensure(
          !it.keys.has(entry.idempotencyKey),
          () => `key ${entry.idempotencyKey} landed twice in ${it.id}`,
        );
        it.keys.add(entry.idempotencyKey);
      }
      it.journal.push(entry.text ?? '');
    }
  };

  const extend = async (event: SessionEvent): Promise<void> => {
    const it = known(event.sessionId);
    const grown = it.end?.reason === 'imported';
    ensure(it.end === null || grown, () => `session ${it.id} was written after its end`);
    ensure(
      event.revision === it.revision + (grown ? 1 : 0),
      () => `revision ${event.revision} follows ${it.revision} in ${it.id}`,
    );
    ensure(
      (event.sequence ?? 0) > it.journal.length,
      () => `sequence ${event.sequence} of ${it.id} does not rise`,
    );
    it.revision = event.revision;
    await readJournal(it, event.sequence ?? 0);
    if (grown) return;
    ensure(!it.shownEnded, () => `session ${it.id} was shown as ended and then written`);
  };

  /** The row of a session is exactly what its history makes of it. */
  const compareRow = async (id: string): Promise<void> => {
    const it = sessions.get(id);
    if (it === undefined) return;
    const session = await stored(id);
    ensure(
      (session.state === 'ended') === (it.end !== null),
      () => `session ${id} is ${session.state} unseen`,
    );
    ensure(session.revision === it.revision, () => `session ${id} has revision ${session.revision} unseen`);
    ensure(
      session.entryCount === it.journal.length,
      () => `session ${id} counts ${session.entryCount} entries and has ${it.journal.length}`,
    );
    if (it.end === null) {
      ensure(session.lastActiveAt >= it.lastActiveAt, () => `the last activity of ${id} went back`);
      if (session.lastActiveAt > it.lastActiveAt) {
        ensure(!it.shownEnded, () => `session ${id} was shown as ended and then revived`);
      }
      it.lastActiveAt = session.lastActiveAt;
    } else {
      ensure(session.endReason === it.end.reason, () => `session ${id} changed the reason of its end`);
    }
  };

  /** Read steps are checked as well: what is over is never shown as active. */
  const compareShown = (session: Session, now: number): void => {
    const it = known(session.id);
    const over = it.end !== null || latestEndHere(it) <= now;
    ensure(
      session.state === (over ? 'ended' : 'active'),
      () => `session ${it.id} was shown as ${session.state} (${it.end?.reason ?? 'not ended'})`,
    );
    ensure(session.state === 'ended' || !it.shownEnded, () => `session ${it.id} was shown as ended before`);
    if (it.end === null && over) it.shownEnded = true;
  };

  /** A step that finds its session by another name answers with it. */
  const answeredSession = (result: unknown): string | undefined => {
    if (typeof result !== 'object' || result === null || !('value' in result)) return undefined;
    return (result.value as { session?: Session } | null)?.session?.id;
  };

  const isSession = (value: unknown): value is Session =>
    typeof value === 'object' && value !== null && 'endReason' in value && 'revision' in value;

  return {
    sessions,
    ends,
    async check({ method, args, result }) {
      const now = machine.now;
      if (method === 'get' && isSession(result)) compareShown(result, now);
      if (method === 'list' && Array.isArray(result)) {
        for (const session of result) if (isSession(session)) compareShown(session, now);
      }
      const events = await inspector.events(String(cursor), eventPage);
      for (const event of events) {
        ensure(Number(event.cursor) === cursor + 1, () => `cursor ${event.cursor} follows ${cursor}`);
        cursor += 1;
        if (event.type === 'session:started') await begin(event);
        else if (event.type === 'session:ended') await finish(event, now);
        else await extend(event);
      }
      for (const event of events) {
        const it = known(event.sessionId);
        if (it.end?.reason !== 'parent_ended' || it.parentId === null) continue;
        ensure(known(it.parentId).end !== null, () => `session ${it.id} ended with a parent that lives`);
      }
      const touched = typeof args[0] === 'string' ? args[0] : answeredSession(result);
      if (touched !== undefined && method !== 'events') await compareRow(touched);
      return events.length > 0;
    },
    forgetShown() {
      for (const it of active) it.shownEnded = false;
    },
    overdue: () =>
      [...active].filter(
        (it) => latestEndHere(it) <= machine.now || (it.owner !== null && machine.isSeenDead(it.owner)),
      ),
    activeCount: () => active.size,
  };
}
