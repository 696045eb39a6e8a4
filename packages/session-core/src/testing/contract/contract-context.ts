import assert from 'node:assert/strict';

import { isSessionError, type SessionErrorCode, type SessionError } from '../../errors/session-error.ts';
import { createSessionManagerIn } from '../../manager/create-session-manager.ts';
import type { SessionManager, SessionManagerOptions } from '../../manager/session-manager.ts';
import { systemSurroundings, type Surroundings } from '../../owner/surroundings.ts';
import type { SessionEvent } from '../../session/session-event.ts';
import type { SessionStore } from '../../store/session-store.ts';
import { fakeClock, type FakeClock } from '../fake-clock.ts';

/** What the suite needs of a test runner: vitest, node:test, mocha and jest all have it. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: (name: string, run: () => Promise<void>) => unknown;
}

/** One set of sessions, empty at first. */
export interface StoreFixture {
  /** Another handle on the same data, as another process would have it. */
  readonly open: () => SessionStore;
  /** Removes the data. */
  readonly dispose: () => Promise<void>;
}

export interface ContractContext {
  readonly clock: FakeClock;
  /** A manager with a handle of its own. */
  readonly manager: (options?: Partial<SessionManagerOptions>, surroundings?: Surroundings) => SessionManager;
  /** A handle on the store itself, to look into it. */
  readonly store: () => Promise<SessionStore>;
}

export type CreateFixture = () => Promise<StoreFixture>;

/** Runs a test with managers that are closed afterwards, whatever happens. */
export async function withContext(
  createFixture: CreateFixture,
  run: (context: ContractContext) => Promise<void>,
): Promise<void> {
  const fixture = await createFixture();
  const managers: SessionManager[] = [];
  const stores: SessionStore[] = [];
  const clock = fakeClock();
  try {
    await run({
      clock,
      async store() {
        const store = fixture.open();
        await store.open();
        stores.push(store);
        return store;
      },
      manager(options = {}, surroundings = systemSurroundings) {
        const manager = createSessionManagerIn(surroundings, {
          store: fixture.open(),
          clock,
          owner: null,
          // What is not about the rate starts as many as it likes.
          startRate: { perSecond: 1_000, burst: 1_000 },
          ...options,
        });
        managers.push(manager);
        return manager;
      },
    });
  } finally {
    await Promise.all([...managers, ...stores].map((each) => each.close()));
    await fixture.dispose();
  }
}

/** The refusal itself, for a look at its details. */
export async function refused(code: SessionErrorCode, promise: Promise<unknown>): Promise<SessionError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  assert.ok('error' in outcome, `expected ${code}, got a result`);
  assert.ok(isSessionError(outcome.error), `expected ${code}, got ${String(outcome.error)}`);
  assert.equal(outcome.error.code, code);
  return outcome.error;
}

/** Everything in the event log. */
export async function allEvents(manager: SessionManager): Promise<SessionEvent[]> {
  const events: SessionEvent[] = [];
  const { active, ended } = await manager.counts();
  if (active + ended === 0) return events;
  const mark = await manager.start({ kind: 'end-of-log' });
  for await (const event of manager.watch({ after: 'start' })) {
    if (event.sessionId === mark.id) break;
    events.push(event);
  }
  return events;
}

export async function endEvents(manager: SessionManager, id: string): Promise<SessionEvent[]> {
  const events = await allEvents(manager);
  return events.filter((event) => event.type === 'session:ended' && event.sessionId === id);
}
