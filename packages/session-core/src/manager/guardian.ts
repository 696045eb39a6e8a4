import type { Clock, ClockTimer } from '../clock/clock.ts';
import { isSessionError } from '../errors/session-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { LeaseKeeper } from '../owner/lease-keeper.ts';
import { leaseMs, reviewLeases } from '../owner/review-leases.ts';
import { createOwnerWatches } from '../owner/owner-watches.ts';
import type { Surroundings } from '../owner/surroundings.ts';
import type { Session } from '../session/session.ts';
import type { LifeEvents, SessionStore } from '../store/session-store.ts';
import { createPace } from './pace.ts';
import { duringCleanup } from './cleanup-scope.ts';

/*
 * The guardian sees to it that every session in the store ends, whoever started it. It sleeps until
 * one of four things wakes it: the store's events, its one timer, the death of an owner, or a suspend.
 *
 *   woken by        what it does
 *   --------------  ------------------------------------------------------------------
 *   store's events  looks: which owners to watch, when the next deadline is
 *   timer           ends what is overdue or whose owner's lease has lapsed, looks again
 *   owner's death   ends that owner's sessions
 *   a suspend       gives the owners one lease to come back, ends what is overdue at a capped rate
 *   a failure       reports it, and looks again after a growing wait, a bounded number of times
 */

export interface GuardianOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly surroundings: Surroundings;
  readonly maxEndsPerSecond: number;
  readonly leaseKeeper: LeaseKeeper | undefined;
  /** Told of each session that has ended in the store, by whichever process. */
  readonly onStoredEnd: (sessionId: string) => void;
  /** Told of what this guardian has ended. */
  readonly onEnded: (sessions: readonly Session[]) => void;
  readonly onFailure: (error: unknown, doing: string) => void;
}

export interface Guardian {
  /** Ends what should have ended already, then stands guard. After a failure it has to be closed. */
  start(): Promise<void>;
  /** Ends what is overdue or has lost its owner, now. */
  sweep(): Promise<Session[]>;
  close(): void;
}

/** `awake-again`: what it is reading may already be out of date. */
type GuardianState = 'asleep' | 'awake' | 'awake-again' | 'closed';

/** About how many sessions one transaction ends. */
const batchSize = 100;
const maxFailuresInARow = 10;
const firstRetryMs = 100;
const eventPage = 500;

export function createGuardian(options: GuardianOptions): Guardian {
  const { store, clock, logger, surroundings, leaseKeeper, onEnded, onFailure, onStoredEnd } = options;
  let state: GuardianState = 'asleep';
  let unsubscribe: (() => void) | undefined;
  let timer: ClockTimer | undefined;
  let cursor = '0';
  let failures = 0;
  let graceUntil = Number.NEGATIVE_INFINITY;
  let stopHearingGaps: (() => void) | undefined;
  const outlooks = { asked: 0, taken: 0 };
  const pace = createPace(options.maxEndsPerSecond);

  const now = (): number => clock.now();
  const is = (asked: GuardianState): boolean => state === asked;
  const closed = (): boolean => is('closed');
  const owners = createOwnerWatches({
    reach: store.reach,
    logger,
    surroundings,
    onDeath: (owner) => void background('ending the sessions of a dead owner', () => endOwner(owner)),
  });

  const background = async (doing: string, run: () => Promise<unknown>): Promise<void> => {
    if (closed()) return;
    try {
      await duringCleanup('a sweep', run);
      failures = 0;
    } catch (error) {
      if (closed()) return;
      failures += 1;
      onFailure(error, doing);
      if (failures <= maxFailuresInARow) setTimer(clock.now() + firstRetryMs * 2 ** (failures - 1));
    }
  };

  const endOwner = async (owner: string, when?: 'lease-lapsed'): Promise<Session[]> => {
    const all: Session[] = [];
    while (!closed()) {
      const step = { reason: 'owner_died', note: null } as const;
      const ended = await store.endOwner(owner, step, now, batchSize, when);
      if (ended.length === 0) break;
      all.push(...ended);
      onEnded(ended);
    }
    if (all.length > 0) logger.info({ owner, sessions: all.length }, 'an owner died');
    return all;
  };

  /** `pausedUntil` when the pace leaves the rest for later. */
  const endOverdue = async (
    paced: boolean,
  ): Promise<{ readonly all: Session[]; readonly pausedUntil: number | null }> => {
    const all: Session[] = [];
    while (!closed()) {
      // A suspend that is noticed meanwhile leaves a backlog that this sweep, with its earlier time, does not see.
      const at = now();
      const { backlog } = pace;
      const room = paced ? pace.reserve(batchSize, at) : batchSize;
      if (room === 0) return { all, pausedUntil: pace.nextAt() };
      const { ended, more } = await store.endOverdue(now, room);
      if (paced) pace.settle(room, ended.length);
      all.push(...ended);
      onEnded(ended);
      if (more) continue;
      pace.rest(backlog);
      break;
    }
    return { all, pausedUntil: null };
  };

  /** Asks who has not been asked, ends what has lapsed, and tells when to look again. */
  const reviewOwners = async (
    leases: ReadonlyMap<string, number | null>,
    all: Session[],
  ): Promise<number | null> => {
    const { toAsk, lapsed, nextAt } = reviewLeases(leases, owners.unseen(), now(), graceUntil);
    let askedUntil = Number.POSITIVE_INFINITY;
    for (const owner of toAsk) {
      askedUntil = now() + leaseMs;
      await store.setLease(owner, askedUntil, false);
    }
    for (const owner of lapsed) all.push(...(await endOwner(owner, 'lease-lapsed')));
    const next = Math.min(nextAt ?? Number.POSITIVE_INFINITY, askedUntil);
    return Number.isFinite(next) ? next : null;
  };

  const setTimer = (at: number): void => {
    timer?.cancel();
    timer = clock.setTimer(
      () => void background('ending overdue sessions', () => sweep(true)),
      at - clock.now(),
    );
  };

  /** Everything that is due now; afterwards the timer is set and the owners are watched. */
  const sweep = async (paced: boolean): Promise<Session[]> => {
    const { all, pausedUntil } = await endOverdue(paced);
    if (closed()) return all;
    const asked = (outlooks.asked += 1);
    const outlook = await store.outlook();
    // Another sweep may have asked later and been answered sooner: what it has set must stand.
    if (closed() || asked < outlooks.taken) return all;
    outlooks.taken = asked;
    timer?.cancel();
    timer = undefined;
    const next = pausedUntil ?? outlook.nextCheckAt;
    if (next !== null) setTimer(next);
    for (const owner of owners.sync(outlook.owners)) all.push(...(await endOwner(owner)));
    const lapsesAt = await reviewOwners(outlook.leases, all);
    if (lapsesAt !== null && !closed() && (next === null || lapsesAt < next)) setTimer(lapsesAt);
    return all;
  };

  const onGap = (gapMs: number): void => {
    graceUntil = now() + leaseMs;
    pace.begin();
    // Whoever looked at the clock is in the middle of something.
    queueMicrotask(() => {
      logger.info({ gapMs }, 'the machine slept');
      void background('looking after a suspend', () => sweep(true));
    });
  };

  /** Reads the events since the last time; true when what to wait for may have changed. */
  const follow = async (): Promise<boolean> => {
    let changed = false;
    for (;;) {
      const read = await readEvents();
      if (read === undefined) return true;
      const { events } = read;
      cursor = read.cursor;
      for (const event of events) {
        changed = true;
        // A session that is purged has ended, and the event of its end is gone with it.
        const over =
          event.type === 'session:ended' || (event.type === 'session:purged' && event.sequence === null);
        if (over) onStoredEnd(event.sessionId);
      }
      if (events.length < eventPage || closed()) return changed;
    }
  };

  const readEvents = async (): Promise<LifeEvents | undefined> => {
    try {
      return await store.lifeEvents(cursor, eventPage);
    } catch (error) {
      if (!isSessionError(error) || error.code !== 'CURSOR_EXPIRED') throw error;
      cursor = await store.latestCursor();
      return undefined;
    }
  };

  const wake = async (): Promise<void> => {
    if (is('awake')) state = 'awake-again';
    if (!is('asleep')) return;
    do {
      state = 'awake';
      await background('following the store', async () => {
        await leaseKeeper?.look();
        if (await follow()) await sweep(true);
      });
    } while (is('awake-again'));
    if (!closed()) state = 'asleep';
  };

  const release = (): void => {
    unsubscribe?.();
    timer?.cancel();
    stopHearingGaps?.();
    leaseKeeper?.close();
    owners.close();
  };

  return {
    async start() {
      unsubscribe = await store.subscribe({
        wake: () => void wake(),
        fail: (error) => onFailure(error, 'listening to other processes'),
      });
      stopHearingGaps = clock.onGap?.(onGap);
      // Nobody knows here how long the machine has slept before.
      graceUntil = now() + leaseMs;
      // Read after subscribing, so that nothing falls between.
      cursor = await store.latestCursor();
      await duringCleanup('a sweep', () => sweep(false));
    },
    sweep: () => duringCleanup('a sweep', () => sweep(false)),
    close() {
      state = 'closed';
      release();
    },
  };
}
