import { END_REASONS } from '@endwell/session-core';
import { z } from 'zod';

const jsonObject = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(1_000);

/** A session as the API shows it. */
export const sessionSchema = z.object({
  id: z.string(),
  state: z.enum(['active', 'ended']),
  kind: z.string(),
  project: z.string().nullable(),
  agent: z.string().nullable(),
  user: z.string().nullable(),
  parentId: z.string().nullable(),
  source: z.string().nullable(),
  externalId: z.string().nullable(),
  continues: z.string().nullable(),
  metadata: jsonObject,
  owner: z.object({ identity: z.string(), host: z.string() }).nullable(),
  startedAt: z.iso.datetime(),
  lastActiveAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  idleTtlMs: z.number(),
  maxLifetimeMs: z.number(),
  revision: z.int(),
  endedAt: z.iso.datetime().nullable(),
  endReason: z.enum(END_REASONS).nullable(),
  endNote: z.string().nullable(),
  entryCount: z.int(),
});

export type SessionView = z.output<typeof sessionSchema>;

export const sessionListSchema = z.object({
  sessions: z.array(sessionSchema),
  nextCursor: z.string().nullable(),
});

export const childrenSchema = z.object({ sessions: z.array(sessionSchema) });

export const sessionParametersSchema = z.object({ id: z.string().min(1).max(100) });

/** Over HTTP a session has no owning process: a call or a deadline ends it. */
export const startSessionSchema = z.strictObject({
  kind: z.string().min(1).max(64).default('agent'),
  project: name.nullish(),
  agent: name.nullish(),
  user: name.nullish(),
  parentId: z.string().min(1).max(100).nullish(),
  metadata: jsonObject.optional(),
  source: name.nullish(),
  externalId: name.nullish(),
  idleTtlMs: z.int().positive().optional(),
  maxLifetimeMs: z.int().positive().optional(),
});

export const listSessionsSchema = z.strictObject({
  state: z.enum(['active', 'ended', 'all']).default('all'),
  project: name.optional(),
  agent: name.optional(),
  kind: name.optional(),
  source: name.optional(),
  externalId: name.optional(),
  parentId: name.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(1_000).optional(),
});

/** What a caller may say about an end; `owner_died` and the deadlines are for the store to find out. */
const HTTP_END_REASONS = ['completed', 'client_disconnected', 'shutdown', 'terminated'] as const;

export const endSessionSchema = z
  .strictObject({
    reason: z.enum(HTTP_END_REASONS).default('completed'),
    note: z.string().max(1_000).nullish(),
  })
  .nullish();
