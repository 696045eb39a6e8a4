import { z } from 'zod';

import { CALLER_END_REASONS, END_REASONS } from '../session/end-reason.ts';
import { MAX_BURST_RECOVERY_MS } from '../store/start-limits.ts';
import { findJsonProblem, isStorableText } from './find-json-problem.ts';

/** Ceilings and defaults, in milliseconds. */
const idleTtlCeilingMs = 7 * 24 * 3_600_000;
const lifetimeCeilingMs = 30 * 24 * 3_600_000;
const defaultIdleTtlMs = 30 * 60_000;
const defaultLifetimeMs = 24 * 3_600_000;
const maxMetadataBytes = 64 * 1024;

const text = (maxLength: number): z.ZodString =>
  z.string().min(1).max(maxLength).refine(isStorableText, 'must not contain NUL or lone surrogates');

const optional = (maxLength: number): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  text(maxLength).nullable().default(null);

const idleTtlMs = z.number().int().min(1).max(idleTtlCeilingMs);
const maxLifetimeMs = z.number().int().min(1).max(lifetimeCeilingMs);
const time = z.number().int().min(0).max(8_640_000_000_000_000);

const identity = z.object({
  bootId: text(64),
  pidNamespace: z.number().int().min(0),
  pid: z.number().int().min(1),
  startTime: z.number().int().min(0),
});

/** Copied, so that what the caller does with its object later changes nothing here. */
const metadata = z
  .custom<Readonly<Record<string, unknown>>>()
  .default({})
  .transform((value, context) => {
    const problem = findJsonProblem(value);
    const json = problem === undefined ? JSON.stringify(value) : '';
    if (problem === undefined && Buffer.byteLength(json) <= maxMetadataBytes) {
      return JSON.parse(json) as Readonly<Record<string, unknown>>;
    }
    context.addIssue({
      code: 'custom',
      message: problem?.message ?? `must be at most ${maxMetadataBytes} bytes as JSON`,
      path: problem?.path ?? [],
    });
    return z.NEVER;
  });

const standardSchema = z.custom<object>(
  (value) =>
    value !== null && (typeof value === 'object' || typeof value === 'function') && '~standard' in value,
  'must be a Standard Schema',
);

const apiObject = (method: string): z.ZodCustom<object, object> =>
  z.custom<object>(
    (value) => typeof value === 'object' && value !== null && method in value,
    `must have ${method}`,
  );

const quota = z.number().int().min(1).max(10_000_000);

const quotas = z.strictObject({
  perOwner: quota.default(100),
  perProject: quota.default(1_000),
  perStore: quota.default(10_000),
});

const startRate = z
  .strictObject({
    perSecond: z.number().min(0.01).max(1_000_000).default(10),
    burst: z.number().int().min(1).max(1_000_000).default(50),
  })
  .refine((rate) => (rate.burst / rate.perSecond) * 1000 <= MAX_BURST_RECOVERY_MS, {
    message: `must come back within ${MAX_BURST_RECOVERY_MS / 1000} seconds at perSecond`,
    path: ['burst'],
  });

const described = {
  kind: text(64),
  project: optional(1024),
  agent: optional(256),
  user: optional(256),
  metadata,
};

const kept = z.number().int().min(60_000).nullable().default(null);

export const managerSchema = z.strictObject({
  store: z.custom<object>((value) => typeof value === 'object' && value !== null, 'must be a store'),
  owner: identity.nullish(),
  clock: z
    .custom<object>((value) => typeof value === 'object' && value !== null, 'must be a clock')
    .optional(),
  logger: z
    .custom<object>((value) => typeof value === 'object' && value !== null, 'must be a logger')
    .optional(),
  idleTtlMs: idleTtlMs.default(defaultIdleTtlMs),
  maxLifetimeMs: maxLifetimeMs.default(defaultLifetimeMs),
  guard: z.boolean().default(true),
  retention: z.strictObject({ endedSessionsMs: kept, eventsMs: kept }).prefault({}),
  redactor: z
    .union(
      [z.literal(false), z.custom<object>((value) => typeof value === 'object' && value !== null)],
      'must be a redactor or false',
    )
    .optional(),
  name: text(128).optional(),
  metadata: standardSchema.optional(),
  entries: z.record(text(64), standardSchema).optional(),
  quotas: quotas.prefault({}),
  startRate: startRate.prefault({}),
  telemetry: z
    .strictObject({ tracer: apiObject('startSpan').optional(), meter: apiObject('createCounter').optional() })
    .optional(),
  maxEndsPerSecond: z.number().int().min(1).max(1_000_000).default(1_000),
});

const started = {
  ...described,
  parentId: optional(64),
  owner: identity.nullish(),
  idleTtlMs: idleTtlMs.optional(),
  maxLifetimeMs: maxLifetimeMs.optional(),
};

export const startSchema = z
  .strictObject({ ...started, source: optional(128), externalId: optional(512) })
  .refine((start) => (start.source === null) === (start.externalId === null), {
    message: 'source and externalId go together',
    path: ['externalId'],
  });

export const liveRecordSchema = z.strictObject({
  ...started,
  source: text(128),
  externalId: text(512),
  entries: z.array(z.custom<unknown>()).min(1),
});

export const importSchema = z
  .strictObject({
    ...described,
    parentId: optional(64),
    source: text(128),
    externalId: text(512),
    startedAt: time,
    endedAt: time,
    entries: z.array(z.custom<unknown>()),
  })
  .refine((history) => history.endedAt >= history.startedAt, {
    message: 'must not be before startedAt',
    path: ['endedAt'],
  });

export const listSchema = z.strictObject({
  state: z.enum(['active', 'ended', 'all']).default('all'),
  project: text(1024).optional(),
  agent: text(256).optional(),
  kind: text(64).optional(),
  source: text(128).optional(),
  externalId: text(512).optional(),
  parentId: text(64).optional(),
  user: text(256).optional(),
  ownerIdentity: text(256).optional(),
  startedFrom: time.optional(),
  startedTo: time.optional(),
  endReason: z.enum(END_REASONS).optional(),
  limit: z.number().int().min(1).max(500).default(50),
  cursor: z.string().max(512).nullish(),
});

export const entriesSchema = z.strictObject({
  after: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(100),
  type: text(64).optional(),
});

export const searchSchema = z.strictObject({
  text: text(1000),
  project: text(1024).optional(),
  agent: text(256).optional(),
  kind: text(64).optional(),
  sessionId: text(64).optional(),
  type: text(64).optional(),
  from: time.optional(),
  to: time.optional(),
  order: z.enum(['relevance', 'newest']).default('relevance'),
  limit: z.number().int().min(1).max(100).default(20),
  cursor: z.string().max(512).nullish(),
});

const maxBuckets = 10_000;

export const statisticsSchema = z
  .strictObject({
    project: text(1024).optional(),
    agent: text(256).optional(),
    from: time,
    to: time,
    bucketMs: z
      .number()
      .int()
      .min(1_000)
      .max(366 * 24 * 3_600_000),
  })
  .refine(({ from, to }) => to > from, { message: 'must be after from', path: ['to'] })
  .refine(({ from, to, bucketMs }) => (to - from) / bucketMs <= maxBuckets, {
    message: `must be so long that at most ${maxBuckets} fit between from and to`,
    path: ['bucketMs'],
  });

const { limit: _limit, cursor: _cursor, ...filterFields } = listSchema.shape;

export const exportSchema = z.strictObject({ ...filterFields, sessionId: text(64).optional() }).refine(
  ({ sessionId, state, ...filter }) => {
    return (
      sessionId === undefined ||
      (state === 'all' && Object.values(filter).every((value) => value === undefined))
    );
  },
  { message: 'goes without a filter', path: ['sessionId'] },
);

export const purgeTargetSchema = z.union(
  [
    z.strictObject({ sessionId: text(64) }),
    z.strictObject({ project: text(1024) }),
    z.strictObject({ sessionId: text(64), sequence: z.number().int().min(1) }),
  ],
  'must be a session, a project, or a session and a sequence number',
);

export const purgeSchema = z.strictObject({ endActive: z.boolean().default(false) });

export const endSchema = z.strictObject({
  reason: z.enum(CALLER_END_REASONS).default('completed'),
  note: optional(1000),
});

export const newEntrySchema = z
  .strictObject({
    type: text(64),
    text: z
      .string()
      .refine(isStorableText, 'must not contain NUL or lone surrogates')
      .nullable()
      .default(null),
    data: z.custom<Readonly<Record<string, unknown>>>().nullable().default(null),
    idempotencyKey: optional(256),
    occurredAt: time.nullable().default(null),
  })
  .refine((entry) => entry.text !== null || entry.data !== null, 'needs text or data');
