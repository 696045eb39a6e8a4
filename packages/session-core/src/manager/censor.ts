import { hash } from 'node:crypto';

import { createRedactor, type Redactor } from '../redaction/create-redactor.ts';

/** What a manager does to everything that it is about to store. */
export interface Censor {
  readonly on: boolean;
  text(text: string): string;
  value<Value>(value: Value): Value;
  /** A key has to stay different from others: one with a secret is replaced by its digest. */
  key(key: string): string;
}

const none: Censor = { on: false, text: (text) => text, value: (value) => value, key: (key) => key };

export function createCensor(redactor: Redactor | false = createRedactor()): Censor {
  if (redactor === false) return none;
  return {
    on: true,
    text: (text) => redactor.redact(text).text,
    value: (value) => redactor.redactValue(value),
    key: (key) => (redactor.test(key).length === 0 ? key : `redacted:${hash('sha256', key, 'base64url')}`),
  };
}
