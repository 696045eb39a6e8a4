import { createHash } from 'node:crypto';

import type { LegacyAction, LegacySession } from './legacy-session.ts';

/** One session of the old system, with the actions of all its copies. */
export interface MergedSession extends Omit<LegacySession, 'actions'> {
  readonly actions: readonly (LegacyAction & { readonly key: string })[];
}

/**
 * The old system wrote each session to three places, and each copy can lack what another has: the actions are
 * their union, in the order of their times; of an action that differs, and of the session itself, the copy with
 * the newest checkpoint counts.
 */
export function mergeCopies(copies: readonly LegacySession[]): MergedSession[] {
  return [...Map.groupBy(copies, ({ session_id }) => session_id).values()].map(mergeOne);
}

function mergeOne(copies: readonly LegacySession[]): MergedSession {
  const newestLast = copies.toSorted((left, right) => freshness(left) - freshness(right));
  const newest = newestLast.at(-1) as LegacySession;
  const actions = new Map<string, LegacyAction & { readonly key: string }>();
  for (const copy of newestLast) {
    for (const action of copy.actions) {
      const key = keyOf(action);
      actions.set(key, { ...action, key });
    }
  }
  const starts = copies.flatMap(({ start_time }) => start_time ?? []);
  const ends = copies.flatMap(({ end_time }) => end_time ?? []);
  return {
    ...newest,
    start_time: starts.length === 0 ? null : Math.min(...starts),
    end_time: ends.length === 0 ? null : Math.max(...ends),
    recovery_count: Math.max(0, ...copies.map(({ recovery_count }) => recovery_count ?? 0)),
    actions: [...actions.values()].toSorted((left, right) => (left.timestamp ?? 0) - (right.timestamp ?? 0)),
  };
}

function freshness(session: LegacySession): number {
  return Math.max(
    session.last_checkpoint ?? 0,
    session.end_time ?? 0,
    ...session.actions.map(({ timestamp }) => timestamp ?? 0),
  );
}

function keyOf(action: LegacyAction): string {
  const { action_id } = action;
  if (action_id !== undefined && action_id.length <= 128) return `action-${action_id}`;
  return `action-${createHash('sha256').update(JSON.stringify(action)).digest('base64url')}`;
}
