import { number, type Row } from '../session-columns.ts';
import type { LongConnection } from './long-connection.ts';

interface Position {
  readonly segment: number;
  readonly term: Uint8Array;
}

const pagesAtOnce = 500;

/**
 * FTS5's secure delete removes words from the pages of the index, but not from the list that says with
 * which word each page begins: the beginning of a purged word can stay there. Such an entry is replaced
 * by the next word that is in use, which lies between the same pages, so that searches find the same.
 */
export async function scrubSearchIndex(connection: LongConnection): Promise<void> {
  const { database, prepare, read, write } = connection;
  database.exec(
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.entry_words USING fts5vocab (main, entry_search, 'instance')",
  );
  let after: Position | undefined = { segment: 0, term: new Uint8Array() };
  while (after !== undefined) {
    const { segment, term }: Position = after;
    const page: Row[] = await read(() => prepare(pageSql).all({ segment, term, limit: pagesAtOnce }));
    const last = page.at(-1);
    if (page.some((row) => row['stale'] === 1)) {
      await write(() => replaceStale(connection, segment, term));
    }
    after =
      page.length < pagesAtOnce || last === undefined
        ? undefined
        : { segment: number(last, 'segid'), term: last['term'] as Uint8Array };
  }
}

/** A term begins with a byte that tells which index it is of; the first page of a segment has none. */
const pageSql = `
  SELECT segid, term, next, length(term) > 1 AND next IS NOT NULL
         AND substr(CAST(next AS BLOB), 1, length(term) - 1) <> substr(term, 2) AS stale
  FROM (
    SELECT segid, term,
           (SELECT words.term FROM temp.entry_words AS words
            WHERE words.term >= CAST(substr(pages.term, 2) AS TEXT) LIMIT 1) AS next
    FROM entry_search_idx AS pages WHERE (segid, term) > (:segment, :term)
    ORDER BY segid, term LIMIT :limit
  )`;

/** Reads again under the lock: another process may have changed the index. */
function replaceStale({ database, prepare }: LongConnection, segment: number, term: Uint8Array): void {
  // The table is part of FTS5's index, which SQLite keeps from being written by hand.
  database.enableDefensive(false);
  try {
    for (const row of prepare(pageSql).all({ segment, term, limit: pagesAtOnce })) {
      if (row['stale'] !== 1) continue;
      prepare(
        `UPDATE entry_search_idx SET term = CAST('0' || :next AS BLOB) WHERE segid = :segid AND term = :term`,
      ).run({ next: row['next'] ?? null, segid: row['segid'] ?? null, term: row['term'] ?? null });
    }
  } finally {
    database.enableDefensive(true);
  }
}
