import type { Clock } from '../clock/clock.ts';
import type { Logger } from '../logging/logger.ts';
import { createLeaseKeeper, type LeaseKeeper } from '../owner/lease-keeper.ts';
import type { Surroundings } from '../owner/surroundings.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { Announcer } from './announcer.ts';
import { createGuardian, type Guardian } from './guardian.ts';
import type { ManagerSettings } from './manager-settings.ts';
import type { OwnedSessions } from './owned-sessions.ts';
import { createStoreUse, managerClosed } from './store-use.ts';

/** A manager from its first call to its close: the store, the clock and the guardian. */
export interface ManagerLife {
  /** Its calls are waited for by `close`, and refused after it. */
  readonly store: SessionStore;
  /** Aborts when the manager closes. */
  readonly closing: AbortSignal;
  /** On the clock of deadlines. */
  now(): number;
  /** How far that is ahead of the clock on the wall. */
  clockOffsetMs(): number;
  /** Opens once; after a failure the next call tries again. */
  open(): Promise<void>;
  sweep(): Promise<Session[]>;
  close(): Promise<void>;
}

export interface ManagerLifeOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly surroundings: Surroundings;
  readonly settings: ManagerSettings;
  readonly owned: OwnedSessions;
  readonly announcer: Announcer;
  /** Called before each attempt to open. */
  readonly onOpening: () => void;
}

export function createManagerLife(options: ManagerLifeOptions): ManagerLife {
  const { logger, surroundings, settings, owned, announcer } = options;
  const { managedOwner } = settings.limits;
  const closing = new AbortController();
  const use = createStoreUse(options.store, closing.signal);
  const { store } = use;
  let clock = options.clock;
  let guardian: Guardian | undefined;
  let opening: Promise<void> | undefined;
  let finishing: Promise<void> | undefined;

  const joinClock = async (): Promise<void> => {
    try {
      clock = (await clock.join?.((proposal) => store.agreeOnClock(proposal))) ?? clock;
    } catch (error) {
      await store.close();
      throw error;
    }
  };
  const createKeeper = (): LeaseKeeper | undefined => {
    if (managedOwner === null) return undefined;
    const holds = (): boolean => owned.size > 0;
    return createLeaseKeeper({
      store,
      clock,
      owner: managedOwner,
      holds,
      onFailure: (error, doing) => announcer.failed(error, doing),
    });
  };
  /** This process lives on, as far as anybody knows, but gives no sign any more. */
  const dropLease = async (): Promise<void> => {
    if (managedOwner === null || owned.size === 0 || store.readOnly) return;
    try {
      await options.store.dropLease(managedOwner);
    } catch (error) {
      announcer.failed(error, 'giving up the lease of this process');
    }
  };
  const openOnce = async (): Promise<void> => {
    options.onOpening();
    await store.open();
    await joinClock();
    if (store.readOnly) return;
    const attempt = createGuardian({
      store,
      clock,
      logger,
      surroundings,
      maxEndsPerSecond: settings.maxEndsPerSecond,
      leaseKeeper: createKeeper(),
      onStoredEnd: (id) => owned.delete(id),
      onEnded: (sessions) => announcer.ended(sessions),
      onFailure: (error, doing) => announcer.failed(error, doing),
    });
    guardian = attempt;
    if (!settings.guard) return;
    try {
      await attempt.start();
    } catch (error) {
      // What it had set going must not go on beside the guardian of the next attempt.
      attempt.close();
      await store.close();
      throw error;
    }
  };
  const attemptOpening = async (): Promise<void> => {
    try {
      await openOnce();
    } catch (error) {
      // The next call tries again.
      opening = undefined;
      throw error;
    }
  };
  const finish = async (): Promise<void> => {
    closing.abort();
    guardian?.close();
    if (opening === undefined) return;
    const opened = await opening.then(
      () => true,
      () => false,
    );
    await use.idle();
    if (!opened) return;
    await dropLease();
    await store.close();
  };

  return {
    store,
    closing: closing.signal,
    now: () => clock.now(),
    clockOffsetMs: () => clock.aheadOfWallMs?.() ?? 0,
    open() {
      if (closing.signal.aborted) return Promise.reject(managerClosed());
      return (opening ??= attemptOpening());
    },
    sweep: async () => (await guardian?.sweep()) ?? [],
    close() {
      finishing ??= finish();
      return finishing;
    },
  };
}
