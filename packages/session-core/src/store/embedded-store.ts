import { SessionError } from '../errors/session-error.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { presentSession } from '../session/session-state.ts';
import { endOverdueStep, endOwnerStep, endStep } from './end-steps.ts';
import { clockStep, proposedAnchor } from './clock-step.ts';
import { importStep } from './import-step.ts';
import { hasLapsed, setLeaseStep } from './lease-step.ts';
import { liveRecordStep } from './live-record-step.ts';
import { recordStep, touchStep } from './record-step.ts';
import type { SessionRows } from './session-rows.ts';
import type { LifeEvents, LongStoreWork, SessionStore, StoreListener } from './session-store.ts';
import { startStep } from './start-step.ts';

/** What differs between stores that live in this process. */
export interface EmbeddedBackend {
  readonly name: string;
  readonly readOnly: boolean;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Runs the step in one transaction: all of it is stored, or nothing when it throws. */
  readonly write: <Value>(step: (rows: SessionRows) => Value) => Promise<Value>;
  /** The same on behalf of nobody: nothing in the step can create a session. */
  readonly sweep: <Value>(step: (rows: SessionRows) => Value) => Promise<Value>;
  readonly read: <Value>(step: (rows: SessionRows) => Value) => Promise<Value>;
  subscribe(listener: StoreListener): Promise<() => void>;
  /** Wakes the listeners, where a commit without events does not. */
  readonly ring?: () => void;
  /** What may take long, and must not hold the event loop. */
  readonly longWork: LongStoreWork;
}

/** A store whose steps run in this process, each in one transaction of the backend. */
export function embeddedStore(backend: EmbeddedBackend): SessionStore {
  const { read, sweep, write } = backend;
  return {
    name: backend.name,
    readOnly: backend.readOnly,
    reach: 'machine',
    open: () => backend.open(),
    close: () => backend.close(),
    subscribe: (listener) => backend.subscribe(listener),
    start: (build, now, limits) => write((rows) => startStep(rows, build(now()), limits)),
    recordLive: (build, now, entries, limits) =>
      write((rows) => liveRecordStep(rows, build(now()), entries, limits)),
    async agreeOnClock(proposal) {
      // A read first: only the first process of a boot has to write.
      const known = await read((rows) => rows.findClockAnchor(proposal.domain));
      if (known !== undefined) return known;
      return backend.readOnly
        ? read((rows) => proposedAnchor(rows, proposal))
        : write((rows) => clockStep(rows, proposal));
    },
    importSession: (step, now) => write((rows) => importStep(rows, step, now())),
    touch: (id, now) => write((rows) => touchStep(rows, id, now())),
    record: (id, entries, now) => write((rows) => recordStep(rows, id, entries, now())),
    end: (id, step, now) => write((rows) => endStep(rows, id, step, now())),
    async endOverdue(now, limit) {
      // A read first: of many managers that wake at the same deadline, only one has to write.
      const nextCheckAt = await read((rows) => rows.nextCheckAt(null));
      if (nextCheckAt === null || nextCheckAt > now()) return { ended: [], more: false };
      return sweep((rows) => endOverdueStep(rows, now(), limit));
    },
    lease: (identity) => read((rows) => rows.findLease(identity)),
    async setLease(identity, until, asked) {
      const changed = await write((rows) => setLeaseStep(rows, identity, until, asked));
      if (changed) backend.ring?.();
      return changed;
    },
    dropLease: (identity) => write((rows) => rows.dropLease(identity)),
    async endOwner(identity, step, now, limit, when = 'always') {
      // A read first here too: every manager on this machine hears of the same death.
      const owned = await read((rows) => rows.findActiveByOwner(identity, 1));
      if (owned.length === 0) return [];
      return sweep((rows) =>
        when === 'lease-lapsed' && !hasLapsed(rows, identity, now())
          ? []
          : endOwnerStep(rows, identity, step, now(), limit),
      );
    },
    get: (id, now) =>
      read((rows) => {
        const session = rows.find(id);
        return session === undefined ? undefined : presentSession(session, now());
      }),
    list: (filter, after, limit, now) => read((rows) => rows.list(filter, after, limit, now())),
    entries: (id, query) => read((rows) => rows.entries(id, query)),
    events: (after, limit) => read((rows) => eventsAfter(rows, after, limit)),
    lifeEvents: (after, limit) => read((rows) => lifeEventsAfter(rows, after, limit)),
    latestCursor: () => read((rows) => String(rows.latestCursor())),
    outlook: () => read((rows) => rows.outlook()),
    counts: (now) => read((rows) => rows.counts(now())),
    purge: (target, endActive, now, signal) => backend.longWork.purge(target, endActive, now, signal),
    search: (request, now) => backend.longWork.search(request, now),
    retain: (cutoffs, now, signal) => backend.longWork.retain(cutoffs, now, signal),
    earliestCursor: () => read((rows) => String(rows.droppedCursor())),
    statistics: (options, now) => backend.longWork.statistics(options, now),
    integrityCheck: () => backend.longWork.integrityCheck(),
  };
}

/** A purge leaves gaps, which are nothing to wait for; what retention has dropped was missed. */
function eventsAfter(rows: SessionRows, after: string, limit: number): SessionEvent[] {
  const position = parseCursor(after);
  const events = rows.events(position, limit);
  checkKept(rows, position, events.length === 0);
  return events;
}

function lifeEventsAfter(rows: SessionRows, after: string, limit: number): LifeEvents {
  const position = parseCursor(after);
  const latest = rows.latestCursor();
  const events = rows.lifeEvents(position, limit);
  checkKept(rows, position, events.length === 0);
  const last = events.length < limit ? undefined : events.at(-1);
  return { events, cursor: last?.cursor ?? String(Math.max(latest, position)) };
}

function parseCursor(after: string): number {
  if (!/^\d{1,15}$/.test(after)) {
    throw new SessionError('INVALID_OPTIONS', `not an event cursor: ${JSON.stringify(after.slice(0, 40))}`, {
      path: 'after',
    });
  }
  return Number(after);
}

function checkKept(rows: SessionRows, position: number, isLast: boolean): void {
  if (position >= rows.droppedCursor() && !(isLast && position > rows.latestCursor())) return;
  throw new SessionError('CURSOR_EXPIRED', `the events after cursor ${position} are not in this store`, {
    path: 'after',
  });
}
