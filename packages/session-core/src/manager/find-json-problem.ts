export interface JsonProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Deeper than any sensible value, and far from where a recursive reader would overflow its stack. */
const maxDepth = 64;

/**
 * What keeps a value from being stored as a JSON object and read back the same: not an object,
 * too deep, a cycle, a value that JSON does not have, text with NUL or a lone surrogate.
 */
export function findJsonProblem(value: unknown): JsonProblem | undefined {
  if (!isPlainObject(value)) return { path: [], message: 'must be a plain object' };
  return check(value, []);
}

function check(value: unknown, path: (string | number)[]): JsonProblem | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return checkText(value, path);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path, message: 'must be a finite number' };
  }
  // A cycle ends here too.
  if (path.length > maxDepth) return { path, message: `must be at most ${maxDepth} levels deep` };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const problem = check(item, [...path, index]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return { path, message: `must be plain JSON, not ${describe(value)}` };
  for (const [key, item] of Object.entries(value)) {
    // An absent value and an undefined one are the same in JSON.
    const problem = item === undefined ? undefined : (checkText(key, path) ?? check(item, [...path, key]));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** NUL ends a text in C and a lone surrogate has no UTF-8, so that neither would come back as it went in. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function checkText(text: string, path: (string | number)[]): JsonProblem | undefined {
  return isStorableText(text) ? undefined : { path, message: 'must not contain NUL or lone surrogates' };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'an object') : typeof value;
}
