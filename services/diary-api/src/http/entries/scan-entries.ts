import type { Entry, SessionManager } from '@endwell/session-core';

const PAGE = 500;
/** How many entries one request looks at, so that a filter that matches little does not read a long journal at once. */
const MAX_SCANNED = 5_000;

export interface ScanOptions {
  readonly after: number;
  readonly limit: number;
  readonly type: string;
  readonly matches: (entry: Entry) => boolean;
}

export interface ScannedPage {
  readonly entries: Entry[];
  /** Where to go on; null at the end of the journal. A page may have fewer entries than its limit, even none. */
  readonly nextAfter: number | null;
}

/** The entries of one type that match what the store cannot filter by. */
export async function scanEntries(
  manager: SessionManager,
  id: string,
  options: ScanOptions,
): Promise<ScannedPage> {
  const entries: Entry[] = [];
  let after = options.after;
  for (let scanned = 0; scanned < MAX_SCANNED;) {
    const page = await manager.entries(id, { after, limit: PAGE, type: options.type });
    for (const entry of page.entries) {
      after = entry.sequence;
      if (options.matches(entry)) entries.push(entry);
      if (entries.length === options.limit) {
        const isLast = page.nextAfter === null && entry === page.entries.at(-1);
        return { entries, nextAfter: isLast ? null : after };
      }
    }
    scanned += page.entries.length;
    if (page.nextAfter === null) return { entries, nextAfter: null };
  }
  return { entries, nextAfter: after };
}
