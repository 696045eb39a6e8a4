/** Looks until there is something to see; for states that the kernel announces to nobody. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  deadlineMs = 30_000,
): Promise<T> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
