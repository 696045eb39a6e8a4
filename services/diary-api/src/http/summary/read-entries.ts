import type { Entry, SessionManager } from '@endwell/session-core';

const PAGE = 1_000;

/** A session's journal from an entry on, page by page, so that other requests have their turn in between. */
export async function* readEntries(
  manager: SessionManager,
  id: string,
  from = 0,
): AsyncGenerator<Entry, void, void> {
  let after: number | null = from;
  while (after !== null) {
    const page: Awaited<ReturnType<SessionManager['entries']>> = await manager.entries(id, {
      after,
      limit: PAGE,
    });
    yield* page.entries;
    after = page.nextAfter;
  }
}
