import { z } from 'zod';

import { checkOptions } from '../errors/check-options.ts';
import { findSecrets } from './find-secrets.ts';
import { isKeyLikeName, isPasswordName, isWorkingFolder } from './key-like-name.ts';
import { REDACTION_KINDS, type RedactionKind, type RedactionMatch } from './redaction-kind.ts';

export interface RedactorOptions {
  /**
   * What to recognise.
   *
   * @defaultValue all of `REDACTION_KINDS`
   */
  readonly kinds?: readonly RedactionKind[] | undefined;
  /** More names of fields whose values are secret, beside those that are known; whatever their case. */
  readonly names?: readonly string[] | undefined;
}

/** Takes secrets out of what is to be stored. Pure: the same text always gives the same. */
export interface Redactor {
  readonly kinds: readonly RedactionKind[];
  /** Where in a text something would be redacted. */
  test(text: string): readonly RedactionMatch[];
  /** The text with a marker such as `[redacted:github-token]` in place of each secret. */
  redact(text: string): { readonly text: string; readonly found: readonly RedactionMatch[] };
  /**
   * A copy of a JSON value: each text redacted, and the whole value where its key is the name of a
   * secret (`password`, `clientSecret`, …).
   */
  redactValue<Value>(value: Value): Value;
}

const optionsSchema = z.strictObject({
  kinds: z.array(z.enum(REDACTION_KINDS)).default([...REDACTION_KINDS]),
  names: z.array(z.string().min(1).max(128)).max(1_000).default([]),
});

/** @throws SessionError `INVALID_OPTIONS` */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const { kinds: listed, names } = checkOptions(optionsSchema, options);
  const kinds = new Set(listed);
  const ownNames = new Set(names.map((name) => name.toLowerCase()));
  const isSecretName = (name: string): boolean =>
    kinds.has('named-value') && (isKeyLikeName(name) || ownNames.has(name.toLowerCase()));

  const test = (text: string): RedactionMatch[] => findSecrets(text, kinds);
  const redact: Redactor['redact'] = (text) => {
    const found = test(text);
    if (found.length === 0) return { text, found };
    const parts: string[] = [];
    let done = 0;
    for (const { kind, start, end } of found) {
      parts.push(text.slice(done, start), marker(kind));
      done = end;
    }
    parts.push(text.slice(done));
    return { text: parts.join(''), found };
  };
  const walk = (value: unknown, name: string | null): unknown => {
    if (typeof value === 'string') {
      const plain = name === null || value === '' || isWorkingFolder(name, value);
      return plain ? redact(value).text : hide(value);
    }
    if (typeof value === 'number')
      return name !== null && isPasswordName(name) ? marker('named-value') : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        redact(key).text,
        walk(item, isSecretName(key) ? key : name),
      ]),
    );
  };

  return {
    kinds: [...kinds],
    test,
    redact,
    redactValue: <Value>(value: Value): Value => walk(value, null) as Value,
  };
}

const markerShape = /^\[redacted:[a-z-]+\]$/;

/** What has been redacted before stays as it is. */
function hide(value: string): string {
  return markerShape.test(value) ? value : marker('named-value');
}

function marker(kind: RedactionKind): string {
  return `[redacted:${kind}]`;
}
