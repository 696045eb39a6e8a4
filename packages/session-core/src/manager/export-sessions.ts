import type { Entry } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { SessionFilter } from '../store/session-store.ts';
import type { ListOptions, SessionManager } from './session-manager.ts';

export interface ExportFilter extends SessionFilter {
  /** Only this session. */
  readonly sessionId?: string | undefined;
}

export type ExportItem<SessionType = Session, EntryType = Entry> =
  | { readonly type: 'session'; readonly session: SessionType }
  | { readonly type: 'entry'; readonly entry: EntryType };

/** Few enough that a page of the largest entries holds the event loop for some milliseconds only. */
const entriesAtOnce = 32;
const sessionsAtOnce = 100;

/** Each session, the newest first, and after it its entries. What starts meanwhile is left out. */
export async function* exportSessions(
  manager: Pick<SessionManager, 'get' | 'list' | 'entries'>,
  { sessionId, ...filter }: ExportFilter,
): AsyncGenerator<ExportItem, void, void> {
  if (sessionId !== undefined) {
    yield* exportSession(manager, await manager.get(sessionId));
    return;
  }
  for (let cursor: string | null | undefined; cursor !== null;) {
    const options: ListOptions = { ...filter, limit: sessionsAtOnce, cursor };
    const page = await manager.list(options);
    for (const session of page.sessions) yield* exportSession(manager, session);
    cursor = page.nextCursor;
  }
}

async function* exportSession(
  manager: Pick<SessionManager, 'entries'>,
  session: Session,
): AsyncGenerator<ExportItem, void, void> {
  yield { type: 'session', session };
  for (let after: number | null = 0; after !== null && after < session.entryCount;) {
    const options = { after, limit: Math.min(entriesAtOnce, session.entryCount - after) };
    const page: { entries: Entry[]; nextAfter: number | null } = await manager.entries(session.id, options);
    for (const entry of page.entries) yield { type: 'entry', entry };
    after = page.nextAfter;
  }
}
