import type { Clock, ClockTimer } from '../clock/clock.ts';
import type { SessionStore } from '../store/session-store.ts';
import { leaseMs, renewLeaseEveryMs } from './review-leases.ts';

/** Gives a sign of life for this process, once somebody who cannot look at it has asked. */
export interface LeaseKeeper {
  /** Called when the store has changed. */
  look(): Promise<void>;
  /** Gives no more signs, and takes the offer of giving them back. */
  close(): void;
}

export interface LeaseKeeperOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  /** This process. */
  readonly owner: string;
  /** Whether it has active sessions, as far as this manager knows. */
  readonly holds: () => boolean;
  readonly onFailure: (error: unknown, doing: string) => void;
}

export function createLeaseKeeper({
  store,
  clock,
  owner,
  holds,
  onFailure,
}: LeaseKeeperOptions): LeaseKeeper {
  let state: 'idle' | 'renewing' | 'closed' = 'idle';
  let timer: ClockTimer | undefined;
  const is = (asked: typeof state): boolean => state === asked;

  const renew = async (): Promise<void> => {
    let kept = true;
    try {
      kept = holds() && (await store.setLease(owner, clock.now() + leaseMs, true));
    } catch (error) {
      if (is('closed')) return;
      onFailure(error, 'renewing the lease of this process');
    }
    if (is('closed')) return;
    // After its last session nobody waits for a sign; the next one that is asked for is seen by `look`.
    if (kept) timer = clock.setTimer(() => void renew(), renewLeaseEveryMs);
    else state = 'idle';
  };

  return {
    async look() {
      if (!is('idle') || !holds()) return;
      const until = await store.lease(owner);
      if (typeof until !== 'number' || !is('idle')) return;
      state = 'renewing';
      await renew();
    },
    close() {
      state = 'closed';
      timer?.cancel();
    },
  };
}
