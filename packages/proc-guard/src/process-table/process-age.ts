/** USER_HZ, in which the kernel counts start times, is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** How long a process has run, given the time since the boot. */
export function processAgeMs({ startTime }: { readonly startTime: number }, uptimeMs: number): number {
  return Math.max(0, uptimeMs - (startTime * 1_000) / ticksPerSecond);
}
