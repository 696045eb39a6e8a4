import { findHelper } from '../../src/helper/find-helper.ts';

export interface HelperMode {
  readonly mode: 'native' | 'fallback';
  readonly env: NodeJS.ProcessEnv;
}

export const hasHelper: boolean = findHelper().path !== undefined;

/** Each guard that can be had here: the native one only where it has been built. */
export const helperModes: readonly HelperMode[] = [
  ...(hasHelper ? [{ mode: 'native', env: {} } as const] : []),
  { mode: 'fallback', env: { PROC_GUARD_NATIVE: 'off' } },
];
