import { randomBytes } from 'node:crypto';

import { cutSnippet } from '../search/cut-snippet.ts';
import { parseSearchText, type SearchTerm } from '../search/parse-search-text.ts';
import { formatSearchCursor, parseSearchCursor, type SearchPosition } from '../search/search-cursor.ts';
import type { SearchHit, SearchPage, SearchRequest, SnippetPart } from '../search/search.ts';
import { presentSession } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { number, rowToEntry, rowToSession, selectSession, text, type Row } from './session-columns.ts';
import type { Prepare } from './prepare.ts';

/** Around what is highlighted. No text that is stored can know them. */
const nonce = randomBytes(8).toString('hex');
const [opening, closing] = [`\u{1}${nonce}[`, `\u{1}${nonce}]`];

const snippetWords = 24;

/** When it happened. The index `entries_time` has the same expression. */
export const entryTimeSql = 'coalesce(occurred_at, recorded_at)';

/** The full-text query comes first, and what it finds is looked up and filtered one by one until the page is full. */
const from = 'entry_search CROSS JOIN entries ON entries.entry_key = entry_search.rowid';

export function searchEntries(prepare: Prepare, request: SearchRequest, now: number): SearchPage {
  const { order, limit, cursor } = request;
  const terms = parseSearchText(request.text);
  const position = cursor === null ? firstPosition(prepare, order) : parseSearchCursor(cursor, order);
  if (terms.length === 0) return { hits: [], nextCursor: null };

  const { sql, values } = filterSql(prepare, request.filter);
  const paging =
    position.order === 'relevance'
      ? 'AND entry_search.rowid <= :newest ORDER BY rank LIMIT :limit OFFSET :offset'
      : 'AND entry_search.rowid < :below ORDER BY entry_search.rowid DESC LIMIT :limit';
  // FTS5 takes a bound into its own search only when it is an integer, and numbers are bound as floating point.
  const bounds =
    position.order === 'relevance'
      ? { newest: BigInt(position.newest), offset: position.offset }
      : { below: BigInt(position.below) };
  const rows = prepare(
    `SELECT entries.*,
            snippet(entry_search, -1, :opening, :closing, '…', ${snippetWords}) AS snippet,
            ${order === 'relevance' ? '-rank' : '0'} AS score
     FROM ${from} WHERE entry_search MATCH :match ${sql} ${paging}`,
  ).all({ match: toMatch(terms), opening, closing, ...values, ...bounds, limit: limit + 1 });

  const sessionOf = sessionReader(prepare, now);
  const hits = rows.slice(0, limit).map((row) => toHit(row, sessionOf(number(row, 'session_key'))));
  const last = rows.at(limit - 1);
  const next =
    rows.length <= limit || last === undefined
      ? null
      : nextPosition(position, number(last, 'entry_key'), limit);
  return { hits, nextCursor: next === null ? null : formatSearchCursor(next) };
}

/** Each term as a quoted string, in which FTS5 knows no syntax. */
function toMatch(terms: readonly SearchTerm[]): string {
  return terms
    .map(({ words, prefix }) => `"${words.replaceAll('"', '""')}"${prefix ? ' *' : ''}`)
    .join(' AND ');
}

/** What is recorded later does not move the pages of a search that has begun. */
function firstPosition(prepare: Prepare, order: SearchRequest['order']): SearchPosition {
  const newest = number(prepare('SELECT max(entry_key) AS newest FROM entries').get() ?? {}, 'newest');
  return order === 'relevance' ? { order, newest, offset: 0 } : { order, below: newest + 1 };
}

function nextPosition(position: SearchPosition, lastKey: number, limit: number): SearchPosition {
  return position.order === 'relevance'
    ? { ...position, offset: position.offset + limit }
    : { order: 'newest', below: lastKey };
}

interface FilterSql {
  readonly sql: string;
  readonly values: Record<string, string | number | bigint>;
}

function filterSql(prepare: Prepare, filter: SearchRequest['filter']): FilterSql {
  const conditions: string[] = [];
  const values: Record<string, string | number | bigint> = {};
  const add = (sql: string, given: Record<string, string | number | bigint>): void => {
    conditions.push(`AND ${sql}`);
    Object.assign(values, given);
  };
  const { sessionId, type, from: since, to, project, agent, kind } = filter;
  if (sessionId !== undefined) {
    // A session's entries lie between its first and its last, whatever is in between.
    const range = prepare(
      `SELECT session_key AS key, min(entry_key) AS first, max(entry_key) AS last
       FROM entries WHERE session_key = (SELECT session_key FROM sessions WHERE id = :id)`,
    ).get({ id: sessionId });
    add('entries.session_key = :session AND entry_search.rowid BETWEEN :first AND :last', {
      session: number(range ?? {}, 'key'),
      first: BigInt(Number(range?.['first'] ?? 0)),
      last: BigInt(Number(range?.['last'] ?? 0)),
    });
  }
  if (type !== undefined) add('entries.type = :type', { type });
  if (since !== undefined) add(`${entryTimeSql} >= :since`, { since });
  if (to !== undefined) add(`${entryTimeSql} < :to`, { to });
  const ofSession = { project, agent, kind };
  for (const [column, value] of Object.entries(ofSession)) {
    if (value === undefined) continue;
    add(
      `EXISTS (SELECT 1 FROM sessions WHERE session_key = entries.session_key AND ${column} = :${column})`,
      { [column]: value },
    );
  }
  return { sql: conditions.join(' '), values };
}

/** Hits are often of the same sessions: each is read once, and is one object on its way to the caller. */
function sessionReader(prepare: Prepare, now: number): (key: number) => Session {
  const known = new Map<number, Session>();
  return (key) => {
    const session = known.get(key) ?? presentSession(readSession(prepare, key), now);
    known.set(key, session);
    return session;
  };
}

function readSession(prepare: Prepare, key: number): Session {
  return rowToSession(prepare(`${selectSession} WHERE session_key = :key`).get({ key }) ?? {});
}

function toHit(row: Row, session: Session): SearchHit {
  return {
    entry: rowToEntry(session.id, row),
    session,
    snippet: cutSnippet(splitSnippet(text(row, 'snippet') ?? '')),
    score: number(row, 'score'),
  };
}

function splitSnippet(marked: string): SnippetPart[] {
  const parts: SnippetPart[] = [];
  for (const [index, piece] of marked.split(opening).entries()) {
    const [highlighted, plain] = index === 0 ? ['', piece] : piece.split(closing);
    if (highlighted !== undefined && highlighted !== '') parts.push({ text: highlighted, highlighted: true });
    if (plain !== undefined && plain !== '') parts.push({ text: plain, highlighted: false });
  }
  return parts;
}
