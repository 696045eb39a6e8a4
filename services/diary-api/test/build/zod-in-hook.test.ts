import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z as library } from 'zod';
import { z as inHook } from '../../build/zod-in-hook.ts';

/** Every kind of check that session-core makes, put together in the ways in which it does. */
function schemas(
  z: typeof library,
): readonly { safeParse(value: unknown): { success: boolean; data?: unknown } }[] {
  const text = z
    .string()
    .min(1)
    .max(4)
    .refine((value) => !value.includes('x'), 'no x');
  const whole = z.number().int().min(1).max(100);
  const inner = z.strictObject({ perOwner: whole.default(7), perStore: whole.optional() });
  const object = z
    .strictObject({
      kind: text,
      project: text.nullable().default(null),
      inner: inner.prefault({}),
      rate: z.number().min(0.01).default(10),
      flag: z.boolean().default(true),
      state: z.enum(['active', 'ended']).default('active'),
      list: z.array(z.custom<unknown>()).min(1).optional(),
      cursor: z.string().max(3).nullish(),
      any: z.custom<unknown>((value) => typeof value === 'object', 'an object').optional(),
      metadata: z
        .custom<object>()
        .default({})
        .transform((value, context) => {
          if (typeof value === 'object') return { ...value, seen: true };
          context.addIssue({ code: 'custom', message: 'not an object', path: ['inside'] });
          return z.NEVER;
        }),
    })
    .refine((value) => value.kind !== value.project, { message: 'differ', path: ['project'] });
  const loose = z.object({ a: text, b: z.string().regex(/^[a-z]+$/, 'letters') });
  const record = z.record(text, whole);
  const union = z.union([z.strictObject({ a: text }), z.strictObject({ b: whole })]);
  return [
    text,
    whole,
    inner,
    object,
    loose,
    record,
    union,
    z.array(whole),
    z.union([z.literal(false), z.literal('a')]),
  ];
}

const odd = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    'a',
    'abcd',
    'abcde',
    'x',
    0,
    1,
    1.5,
    100,
    101,
    Number.NaN,
    Infinity,
    true,
    {},
    [],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const value = fc.oneof(
  odd,
  fc.record(
    {
      kind: fc.constantFrom('a', 'b', 'x', '', 7),
      project: fc.constantFrom('a', 'b', null, 'abcde'),
      inner: fc.oneof(odd, fc.record({ perOwner: odd, perStore: odd, more: odd }, { requiredKeys: [] })),
      rate: odd,
      flag: odd,
      state: fc.constantFrom('active', 'ended', 'odd', undefined),
      list: odd,
      cursor: odd,
      any: odd,
      metadata: odd,
      more: odd,
      a: odd,
      b: odd,
    },
    { requiredKeys: [] },
  ),
  fc.record({ kind: fc.constantFrom('a', 'b') }),
  fc.dictionary(fc.constantFrom('a', 'abc', 'abcde', 'x'), fc.constantFrom(1, 2, 0, 'a')),
  fc.array(fc.constantFrom(1, 2, 0, 'a')),
);

test('the checks in the hook give the answers of the library', () => {
  const pairs = schemas(library).map(
    (schema, index) => [schema, schemas(inHook as unknown as typeof library)[index] ?? schema] as const,
  );
  let accepted = 0;
  const answersAlike = (given: unknown): boolean =>
    pairs.every(([one, other]) => {
      const expected = one.safeParse(given);
      const answer = other.safeParse(given);
      if (expected.success) accepted += 1;
      return (
        answer.success === expected.success &&
        (!expected.success || JSON.stringify(answer.data) === JSON.stringify(expected.data))
      );
    });
  const { counterexample } = fc.check(fc.property(value, answersAlike), { numRuns: 5_000 });
  expect(counterexample).toBeNull();
  expect(accepted).toBeGreaterThan(500);
});
