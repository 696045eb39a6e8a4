import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';

/**
 * A schema as clients see it, without its check: a tool checks its own arguments and its own output, so
 * that a wrong one is answered like every other error, with a code and with what to do. What only repeats
 * a default is left out, because an agent pays for every word of it.
 */
export function advertisedSchema(schema: z.ZodObject): StandardSchemaWithJSON {
  const converted = new Map<'input' | 'output', Record<string, unknown>>();
  const convert = (io: 'input' | 'output') => (): Record<string, unknown> => {
    const known = converted.get(io) ?? compact(z.toJSONSchema(schema, { io }));
    converted.set(io, known);
    return known;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'endwell',
      validate: (value) => ({ value }),
      jsonSchema: { input: convert('input'), output: convert('output') },
    },
  };
}

function compact(value: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (repeatsDefault(key, inner)) continue;
    kept[key] = compactValue(inner);
  }
  return splitTypes(kept);
}

/** Some clients know only one `type` for each schema: "text or null" is said as a choice of two. */
function splitTypes({ type, description, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const described = description === undefined ? {} : { description };
  if (!Array.isArray(type)) return { ...(type === undefined ? {} : { type }), ...rest, ...described };
  return {
    anyOf: type.map((one) => (one === 'null' ? { type: one } : { type: one, ...rest })),
    ...described,
  };
}

function compactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compactValue);
  return typeof value === 'object' && value !== null ? compact(value) : value;
}

/**
 * The dialect is the protocol's own, a JSON object's keys are strings, its integers safe. How long a text
 * or a list may be is checked, and said where it matters: in the error of the one call in a thousand.
 */
function repeatsDefault(key: string, value: unknown): boolean {
  switch (key) {
    case '$schema':
      return typeof value === 'string';
    case 'propertyNames':
      return JSON.stringify(value) === '{"type":"string"}';
    case 'additionalProperties':
      return value === false || JSON.stringify(value) === '{}';
    case 'minLength':
    case 'maxLength':
    case 'maxItems':
      return typeof value === 'number';
    case 'minimum':
    case 'maximum':
      return typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER;
    default:
      return false;
  }
}
