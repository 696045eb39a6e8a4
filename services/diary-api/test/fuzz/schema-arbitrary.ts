import * as fc from 'fast-check';
import { z } from 'zod';

/** What a JSON Schema says, as far as the schemas of the API use it. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Most values are short; now and then one is as long as it may be. */
const SHORT = 40;

/** Values that the zod schema takes, made from the schema itself. */
export function schemaArbitrary(schema: z.ZodType): fc.Arbitrary<unknown> {
  return arbitraryOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
}

function arbitraryOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type: string) => arbitraryOf({ ...schema, type })));
  }
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, Math.max(5, schema.minItems ?? 0)),
      });
    case 'string':
      return stringOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      return fc.jsonValue({ maxDepth: 3 });
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function objectOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.properties === undefined) {
    const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    const keys = fc
      .string({ unit: 'grapheme', maxLength: SHORT })
      .filter((key) => key !== '__proto__' && key !== 'constructor');
    return fc.dictionary(keys, arbitraryOf(values), { maxKeys: 5, noNullPrototype: true });
  }
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, arbitraryOf(property)]),
  );
  return fc.record(properties, { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
}

function stringOf(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.format === 'date-time') {
    const times = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
    const offsets = fc.constantFrom('Z', '+02:00', '-11:30');
    return fc.tuple(times, offsets).map(([time, offset]) => time.toISOString().replace('Z', offset));
  }
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
  const minLength = schema.minLength ?? 0;
  const maxLength = schema.maxLength ?? SHORT;
  const short = fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(SHORT, maxLength)) })
    .map((text) => text.slice(0, maxLength))
    .filter((text) => text.isWellFormed() && !text.includes('\0') && text.length >= minLength);
  return fc.oneof(
    { weight: 19, arbitrary: short },
    { weight: 1, arbitrary: fc.constant('x'.repeat(maxLength)) },
  );
}

function numberOf(schema: JsonSchema): fc.Arbitrary<number> {
  const min =
    schema.minimum ?? (schema.exclusiveMinimum === undefined ? -(2 ** 31) : schema.exclusiveMinimum + 1);
  const max = Math.min(schema.maximum ?? 2 ** 31, Number.MAX_SAFE_INTEGER);
  return fc.integer({ min: Math.max(min, Number.MIN_SAFE_INTEGER), max });
}
