/** Why a session ended. Every session ends with exactly one of these. */
export const END_REASONS = [
  'completed',
  'client_disconnected',
  'owner_died',
  'idle_timeout',
  'max_lifetime',
  'terminated',
  'parent_ended',
  'shutdown',
  'superseded',
  'imported',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/** The reasons that a caller may give; the others are what the store itself finds out. */
export const CALLER_END_REASONS = [
  'completed',
  'client_disconnected',
  'owner_died',
  'terminated',
  'shutdown',
] as const satisfies readonly EndReason[];

export type CallerEndReason = (typeof CALLER_END_REASONS)[number];
