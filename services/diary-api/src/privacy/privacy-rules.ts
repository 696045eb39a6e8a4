import { dirname, matchesGlob } from 'node:path';

/** A time in which nothing is recorded, in milliseconds since 1970; `to` is null while it lasts. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
}

/** What must never be stored. Checked before anything is written. */
export interface PrivacyRules {
  /** Globs of folders; each stands for what is below it too. */
  readonly exclude: readonly string[];
  readonly pauses: readonly Pause[];
}

export const NO_PRIVACY_RULES: PrivacyRules = { exclude: [], pauses: [] };

/** Whether a folder, or one that it is in, is excluded. */
export function isExcluded({ exclude }: PrivacyRules, folder: string): boolean {
  if (exclude.length === 0) return false;
  for (let at = folder; ; at = dirname(at)) {
    if (exclude.some((glob) => matchesGlob(at, glob))) return true;
    if (dirname(at) === at) return false;
  }
}

/** Whether recording was, or is, switched off at a time. A pause that was set to end is over by itself. */
export function isPausedAt({ pauses }: PrivacyRules, at: number): boolean {
  return pauses.some(({ from, to }) => at >= from && (to === null || at < to));
}
