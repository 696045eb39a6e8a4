import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A plain JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Checks the metadata of a session; its output is what is stored. Any Standard Schema: zod, valibot, arktype. */
export type MetadataSchema = StandardSchemaV1<unknown, object>;

/** For each type of entry that may be recorded, the schema of its `data`. */
export type EntrySchemas = Readonly<Record<string, StandardSchemaV1<unknown, object | null | undefined>>>;

/** What the schemas of a manager say: `In` is what callers give, `Out` what is stored and read back. */
export interface SessionTypes {
  readonly metadataIn: unknown;
  readonly metadataOut: unknown;
  /** The data of an entry, by its type. */
  readonly entriesIn: object;
  readonly entriesOut: object;
}

/** The types of a manager without schemas. */
export type UntypedSessions = TypesOf<UntypedMetadata, UntypedEntries>;
export type UntypedMetadata = StandardSchemaV1<JsonObject, JsonObject>;
export type UntypedEntries = Readonly<
  Record<string, StandardSchemaV1<JsonObject | undefined, JsonObject | undefined>>
>;

export interface TypesOf<Metadata extends MetadataSchema, Entries extends EntrySchemas> {
  readonly metadataIn: StandardSchemaV1.InferInput<Metadata>;
  readonly metadataOut: StandardSchemaV1.InferOutput<Metadata>;
  readonly entriesIn: { readonly [Type in keyof Entries]: StandardSchemaV1.InferInput<Entries[Type]> };
  readonly entriesOut: {
    readonly [Type in keyof Entries]: Stored<StandardSchemaV1.InferOutput<Entries[Type]>>;
  };
}

/** What is absent is stored as null. */
type Stored<Data> = undefined extends Data ? Exclude<Data, undefined> | null : Data;

/** `data` may be left out where its schema takes `undefined`. */
export type DataField<Data> = undefined extends Data
  ? { readonly data?: Data | null }
  : { readonly data: Data };

/** `metadata` may be left out where its schema takes `{}`. */
export type MetadataField<Metadata> =
  Record<string, never> extends Metadata
    ? { readonly metadata?: Metadata | undefined }
    : { readonly metadata: Metadata };
