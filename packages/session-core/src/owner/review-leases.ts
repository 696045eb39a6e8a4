/** How long an owner that nobody can look at is believed to live after its last sign. */
export const leaseMs = 30_000;
export const renewLeaseEveryMs = 10_000;

/** What is to be done about the owners that cannot be looked at from here. */
export interface LeaseReview {
  /** These run a manager and have never been asked for a sign of life. */
  readonly toAsk: readonly string[];
  /** These have given none in time. */
  readonly lapsed: readonly string[];
  /** When the next lease lapses; null when none can. */
  readonly nextAt: number | null;
}

/**
 * An owner without a row runs no manager that could give a sign: only its sessions' deadlines tell.
 * Before the end of a grace, after a suspend or at the opening, nothing lapses: the owner may have
 * slept as well.
 */
export function reviewLeases(
  leases: ReadonlyMap<string, number | null>,
  unseen: readonly string[],
  now: number,
  graceUntil: number,
): LeaseReview {
  const toAsk: string[] = [];
  const lapsed: string[] = [];
  let nextAt: number | null = null;
  for (const owner of unseen) {
    const until = leases.get(owner);
    if (until === undefined) continue;
    if (until === null) {
      toAsk.push(owner);
      continue;
    }
    const due = Math.max(until, graceUntil);
    if (due <= now) lapsed.push(owner);
    else nextAt = Math.min(nextAt ?? due, due);
  }
  return { toAsk, lapsed, nextAt };
}
