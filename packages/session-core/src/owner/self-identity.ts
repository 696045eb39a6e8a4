import { currentIdentity, isProcGuardError, type ProcessIdentity } from '@endwell/proc-guard';

/** This process; undefined where it cannot be identified, for example without `/proc`. */
export function selfIdentity(): ProcessIdentity | undefined {
  try {
    return currentIdentity();
  } catch (error) {
    if (isProcGuardError(error) && error.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}
