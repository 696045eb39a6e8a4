import { END_REASONS } from '@endwell/session-core';
import { z } from 'zod';

import { jsonObject, storableText, timeText } from '../schema/text-schema.ts';

const HOUR_MS = 3_600_000;
const MAX_IDLE_TTL_MS = 7 * 24 * HOUR_MS;
const MAX_LIFETIME_MS = 30 * 24 * HOUR_MS;

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
  /** Of its metadata, else the first line that a user wrote in it. */
  title: z.string().nullable(),
  owner: z.object({ identity: z.string(), host: z.string() }).nullable(),
  startedAt: timeText,
  lastActiveAt: timeText,
  expiresAt: timeText,
  idleTtlMs: z.number(),
  maxLifetimeMs: z.number(),
  revision: z.int(),
  endedAt: timeText.nullable(),
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

export const sessionParametersSchema = z.object({ id: storableText(64) });

/** Over HTTP a session has no owning process: a call or a deadline ends it. */
export const startSessionSchema = z
  .strictObject({
    kind: storableText(64).default('agent'),
    project: storableText(1_024).nullish(),
    agent: storableText(256).nullish(),
    user: storableText(256).nullish(),
    parentId: storableText(64).nullish(),
    /** At most 64 KiB. */
    metadata: jsonObject.optional(),
    source: storableText(128).nullish(),
    externalId: storableText(512).nullish(),
    /** How long it lives without activity, at most 7 days. */
    idleTtlMs: z.int().positive().max(MAX_IDLE_TTL_MS).optional(),
    /** How long it lives at most, at most 30 days. */
    maxLifetimeMs: z.int().positive().max(MAX_LIFETIME_MS).optional(),
  })
  .refine(({ source, externalId }) => (source == null) === (externalId == null), {
    message: 'source and externalId go together',
  });

const filters = {
  project: storableText(1_024).optional(),
  agent: storableText(256).optional(),
  kind: storableText(64).optional(),
  source: storableText(128).optional(),
  externalId: storableText(512).optional(),
  parentId: storableText(64).optional(),
  user: storableText(256).optional(),
  ownerIdentity: storableText(256).optional(),
  startedFrom: z.iso.datetime({ offset: true }).optional(),
  /** Not part of it. */
  startedTo: z.iso.datetime({ offset: true }).optional(),
  endReason: z.enum(END_REASONS).optional(),
};

export const listSessionsSchema = z.strictObject({
  state: z.enum(['active', 'ended', 'all']).default('all'),
  ...filters,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(512).optional(),
});

/** What a caller may say about an end; `owner_died` and the deadlines are for the store to find out. */
const HTTP_END_REASONS = ['completed', 'client_disconnected', 'shutdown', 'terminated'] as const;

export const endSessionSchema = z
  .strictObject({
    reason: z.enum(HTTP_END_REASONS).default('completed'),
    note: storableText(1_000).nullish(),
  })
  .nullish();
