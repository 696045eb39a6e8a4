/**
 * A person can leave an agent over night and come back to the same session: its owner is what ends it, and
 * these deadlines are for what the owner's death cannot tell.
 */
export const HOOK_LIFETIME = { idleTtlMs: 12 * 3_600_000, maxLifetimeMs: 7 * 24 * 3_600_000 } as const;
