import { readOwner } from '../owner/owner-state.ts';
import { settleEndReasonIn } from '../owner/settle-end-reason.ts';
import type { Surroundings } from '../owner/surroundings.ts';
import type { CallerEndReason } from '../session/end-reason.ts';
import type { Session } from '../session/session.ts';
import type { StepResult } from '../store/session-store.ts';

/** What was started through a manager and is active as far as it knows. */
export interface OwnedSessions {
  readonly size: number;
  /** Nothing is owned, and nothing is about to be. */
  readonly isEmpty: boolean;
  /** Runs what may add a session: an end of all waits for it, so that none slips through. */
  adding<Value>(work: () => Promise<Value>): Promise<Value>;
  add(session: Session): void;
  delete(id: string): void;
  /** Ends each, for the given reason or because its owner turns out to be dead; returns all that ended. */
  endAll(
    reason: CallerEndReason,
    end: (id: string, reason: CallerEndReason) => Promise<StepResult<Session>>,
  ): Promise<Session[]>;
}

export function createOwnedSessions(surroundings: Surroundings): OwnedSessions {
  /** The id of each and the identity of its owner. */
  const owners = new Map<string, string | null>();
  const underWay = new Set<Promise<unknown>>();
  return {
    get size() {
      return owners.size;
    },
    get isEmpty() {
      return owners.size === 0 && underWay.size === 0;
    },
    adding(work) {
      const result = work();
      const settle = (): void => void underWay.delete(result);
      underWay.add(result);
      result.then(settle, settle);
      return result;
    },
    add: (session) => void owners.set(session.id, session.owner?.identity ?? null),
    delete: (id) => void owners.delete(id),
    async endAll(reason, end) {
      await Promise.allSettled(underWay);
      const reasons = await settleReasons(surroundings, new Set(owners.values()), reason);
      const ended: Session[] = [];
      for (const [id, owner] of owners) {
        const result = await end(id, reasons.get(owner) ?? reason);
        ended.push(...result.ended);
        // Somebody else, or the end of its parent, was faster.
        if (!result.ok && result.error.code !== 'SESSION_ENDED') throw result.error;
        owners.delete(id);
      }
      return ended;
    },
  };
}

/** What really happened to each owner, asked of all at once. */
async function settleReasons(
  surroundings: Surroundings,
  owners: ReadonlySet<string | null>,
  fallback: CallerEndReason,
): Promise<Map<string | null, CallerEndReason>> {
  const settled = await Promise.all(
    [...owners].map(async (owner) => {
      const identity = owner === null ? undefined : readOwner(owner);
      return [owner, await settleEndReasonIn(surroundings, identity ?? null, fallback)] as const;
    }),
  );
  return new Map(settled);
}
