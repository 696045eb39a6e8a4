/** Set to `1` in the environment of what `proc-guard detach` has started; guards leave it alone. */
export const detachedMarkName = 'ENDWELL_DETACHED';
