const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Finds where the first JSON object or array of a stream ends, however it is cut into pieces. */
export interface JsonValueFinder {
  /** The bytes of the value once it is whole; undefined as long as it is not. */
  add(chunk: Uint8Array): Buffer | undefined;
  /** Whether anything but white space has come. */
  readonly hasBegun: boolean;
}

/**
 * Looks at each byte once: a tool's result can be large, and parsing again with every piece would take time
 * that grows with its square.
 *
 * @throws RangeError when the value has more than `maxBytes`
 */
export function createJsonValueFinder(maxBytes: number): JsonValueFinder {
  const parts: Uint8Array[] = [];
  let length = 0;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let hasBegun = false;

  /** True when the byte ends the value. */
  const step = (byte: number): boolean => {
    if (isInString) {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) isInString = false;
      return false;
    }
    if (!WHITESPACE.has(byte)) hasBegun = true;
    if (byte === QUOTE) isInString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) {
      depth -= 1;
      return depth <= 0;
    }
    return false;
  };

  return {
    get hasBegun() {
      return hasBegun;
    },
    add(chunk) {
      for (let index = 0; index < chunk.length; index += 1) {
        if (!step(chunk[index] ?? 0)) continue;
        parts.push(chunk.subarray(0, index + 1));
        return Buffer.concat(parts);
      }
      parts.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw new RangeError(`the event has more than ${maxBytes} bytes`);
      return undefined;
    },
  };
}
