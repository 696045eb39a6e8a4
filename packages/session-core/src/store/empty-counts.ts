import { END_REASONS, type EndReason } from '../session/end-reason.ts';

/** Counts to add to. */
export interface CountsInProgress {
  active: number;
  ended: number;
  entries: number;
  readonly byReason: Record<EndReason, number>;
}

export function emptyCounts(): CountsInProgress {
  const byReason = Object.fromEntries(END_REASONS.map((reason) => [reason, 0]));
  return { active: 0, ended: 0, entries: 0, byReason: byReason as Record<EndReason, number> };
}
