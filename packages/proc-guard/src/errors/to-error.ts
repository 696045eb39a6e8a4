/** Anything can be thrown; what is no `Error` becomes one that carries it as its cause. */
export function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value), { cause: value });
}
