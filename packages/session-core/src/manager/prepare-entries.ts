import { createHash } from 'node:crypto';

import { checkOptions } from '../errors/check-options.ts';
import { SessionError } from '../errors/session-error.ts';
import type { PreparedEntry } from '../session/prepared-entry.ts';
import type { Censor } from './censor.ts';
import { findJsonProblem } from './find-json-problem.ts';
import { newEntrySchema } from './option-schemas.ts';

/** Text and data together, as UTF-8. */
const maxEntryBytes = 256 * 1024;
/** A long history; what is longer is imported in parts, each of which extends the session. */
const maxEntriesOfHistory = 100_000;
const maxEntriesAtOnce = 10_000;

/**
 * Checks entries and brings them into the form in which they are stored.
 *
 * @throws SessionError `INVALID_ENTRY` for the first that is wrong; none is stored then.
 */
export function prepareEntries(
  entries: readonly unknown[],
  censor: Censor,
  maxEntries: number = maxEntriesAtOnce,
): PreparedEntry[] {
  if (entries.length > maxEntries) {
    throw invalid('', `at most ${maxEntries} entries can be recorded at once`);
  }
  return entries.map((entry, index) =>
    prepareEntry(entry, censor, entries.length === 1 ? '' : String(index)),
  );
}

/**
 * Entries of a history, each of which is known again by its key.
 *
 * @throws SessionError `INVALID_ENTRY`
 */
export function prepareKeyedEntries(entries: readonly unknown[], censor: Censor): PreparedEntry[] {
  const prepared = prepareEntries(entries, censor, maxEntriesOfHistory);
  const keyless = prepared.findIndex((entry) => entry.idempotencyKey === null);
  if (keyless >= 0) throw invalid(`${keyless}.idempotencyKey`, 'an entry of a history needs one');
  return prepared;
}

function prepareEntry(value: unknown, censor: Censor, prefix: string): PreparedEntry {
  const entry = checkEntry(value, prefix);
  const problem = entry.data === null ? undefined : findJsonProblem(entry.data);
  if (problem !== undefined) throw invalid(join(prefix, 'data', ...problem.path), problem.message);
  const data = entry.data === null ? null : censor.value(entry.data);
  const text = entry.text === null ? null : censor.text(entry.text);
  const idempotencyKey = entry.idempotencyKey === null ? null : censor.key(entry.idempotencyKey);
  const dataJson = data === null ? null : JSON.stringify(data);
  const bytes = Buffer.byteLength(text ?? '') + Buffer.byteLength(dataJson ?? '');
  if (bytes > maxEntryBytes) {
    throw invalid(join(prefix, 'text'), `text and data have ${bytes} bytes, at most ${maxEntryBytes} fit`);
  }
  const { type, occurredAt } = entry;
  // Of what is stored: a digest of a secret would be a trace of it.
  const contentHash = idempotencyKey === null ? null : hash([type, text, sortKeys(data), occurredAt]);
  return { type, text, dataJson, idempotencyKey, contentHash, occurredAt };
}

function checkEntry(value: unknown, prefix: string): ReturnType<typeof newEntrySchema.parse> {
  try {
    return checkOptions(newEntrySchema, value, 'INVALID_ENTRY');
  } catch (error) {
    if (prefix === '' || !(error instanceof SessionError)) throw error;
    throw invalid(join(prefix, error.path ?? ''), error.message);
  }
}

/** The order of keys says nothing about the content. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, sortKeys(item)]));
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

function invalid(path: string, message: string): SessionError {
  return new SessionError('INVALID_ENTRY', path === '' ? message : `${path}: ${message}`, { path });
}

function join(...parts: (string | number)[]): string {
  return parts.filter((part) => part !== '').join('.');
}
