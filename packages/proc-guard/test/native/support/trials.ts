/** How many trials a randomised test makes: a share of PROC_GUARD_TRIALS (200; the nightly run has 2000). */
export function trialCount(share: number): number {
  const total = Number(process.env['PROC_GUARD_TRIALS'] ?? 200);
  if (!Number.isInteger(total) || total < 1)
    throw new Error('PROC_GUARD_TRIALS must be a positive whole number');
  return Math.max(1, Math.round(total * share));
}

/** Where the randomness starts; set PROC_GUARD_SEED to repeat a run. */
export const firstSeed: number = Number(process.env['PROC_GUARD_SEED'] ?? Math.floor(Math.random() * 1e9));

/** Long enough for `count` trials on a busy machine. */
export function trialsTimeoutMs(count: number): number {
  return 60_000 + count * 2_000;
}
