import type { StandardSchemaV1 } from '@standard-schema/spec';

import { SessionError, type SessionErrorCode } from '../errors/session-error.ts';
import type { EntrySchemas, MetadataSchema } from '../session/session-types.ts';

/** Brings metadata and entries into the form that the schemas of a manager give them. */
export interface Conform {
  /** The options with their metadata as the schema puts it out. */
  options<Options>(given: Options): Promise<Options>;
  /** The entries with their data as the schema of their type puts it out; at once where there are no schemas. */
  entries<NewEntry>(given: readonly NewEntry[]): readonly NewEntry[] | Promise<readonly NewEntry[]>;
}

export interface Schemas {
  readonly metadata?: MetadataSchema | undefined;
  readonly entries?: EntrySchemas | undefined;
}

/** What is no object or no list is left for the check that follows. */
export function createConform({ metadata, entries: schemas }: Schemas): Conform {
  return {
    async options(given) {
      if (metadata === undefined || !isObject(given)) return given;
      const value = await conformTo(metadata, given['metadata'] ?? {}, 'INVALID_OPTIONS', 'metadata');
      return { ...given, metadata: value };
    },
    entries: (given) =>
      schemas === undefined || !Array.isArray(given) ? given : conformEntries(schemas, given),
  };
}

async function conformEntries<NewEntry>(
  schemas: EntrySchemas,
  given: readonly NewEntry[],
): Promise<readonly NewEntry[]> {
  const conformed: NewEntry[] = [];
  for (const [index, entry] of given.entries()) {
    const prefix = given.length === 1 ? '' : `${index}.`;
    conformed.push(isObject(entry) ? await conformEntry(schemas, entry, prefix) : entry);
  }
  return conformed;
}

async function conformEntry<NewEntry extends Record<string, unknown>>(
  schemas: EntrySchemas,
  entry: NewEntry,
  prefix: string,
): Promise<NewEntry> {
  const { type } = entry;
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) {
    const path = `${prefix}type`;
    const known = Object.keys(schemas).join(', ');
    throw new SessionError('INVALID_ENTRY', `${path}: must be one of ${known}`, { path });
  }
  const data = await conformTo(schema, entry['data'] ?? undefined, 'INVALID_ENTRY', `${prefix}data`);
  return { ...entry, data: data ?? null };
}

async function conformTo<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
  code: SessionErrorCode,
  prefix: string,
): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const [issue] = result.issues;
  const keys = issue?.path?.map((part) => String(typeof part === 'object' ? part.key : part)) ?? [];
  const path = [prefix, ...keys].join('.');
  const message = issue?.message.replaceAll('\n', ' ') ?? 'does not fit its schema';
  throw new SessionError(code, `${path}: ${message}`, { path, cause: result.issues });
}

function isObject<Value>(value: Value): value is Value & Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
