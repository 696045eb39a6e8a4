import type { Session, SessionManager } from '@endwell/session-core';

/** What a purge would take, in numbers. */
export interface PurgePreview extends Readonly<Record<string, number>> {
  readonly sessions: number;
  readonly entries: number;
  readonly active: number;
}

/** A session and whatever is below it. */
export async function previewSession(manager: SessionManager, session: Session): Promise<PurgePreview> {
  const found = new Map<string, Session>();
  const waiting = [session];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next.id)) continue;
    found.set(next.id, next);
    waiting.push(...(await manager.children(next.id)));
  }
  return previewOf(found.values());
}

/** Every session of a project; undefined when there is none. */
export async function previewProject(
  manager: SessionManager,
  project: string,
): Promise<PurgePreview | undefined> {
  const found: Session[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Awaited<ReturnType<SessionManager['list']>> = await manager.list({
      project,
      limit: 500,
      cursor,
    });
    found.push(...page.sessions);
    cursor = page.nextCursor;
  }
  return found.length === 0 ? undefined : previewOf(found);
}

function previewOf(sessions: Iterable<Session>): PurgePreview {
  let [count, entries, active] = [0, 0, 0];
  for (const session of sessions) {
    count += 1;
    entries += session.entryCount;
    if (session.state === 'active') active += 1;
  }
  return { sessions: count, entries, active };
}
