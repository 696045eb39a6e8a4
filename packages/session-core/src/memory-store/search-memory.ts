import { cutSnippet } from '../search/cut-snippet.ts';
import { parseSearchText, type SearchTerm } from '../search/parse-search-text.ts';
import { formatSearchCursor, parseSearchCursor } from '../search/search-cursor.ts';
import type { SearchFilter, SearchHit, SearchPage, SearchRequest, SnippetPart } from '../search/search.ts';
import type { Entry } from '../session/entry.ts';
import { presentSession } from '../session/session-state.ts';
import type { Session } from '../session/session.ts';
import { toEntry } from '../session/to-entry.ts';
import type { MemoryTables } from './memory-rows.ts';

interface Word {
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

interface Match {
  readonly order: number;
  readonly entry: Entry;
  readonly session: Session;
  readonly text: string;
  readonly highlights: readonly (readonly [start: number, end: number])[];
  readonly score: number;
}

/** About as much of a text as SQLite's snippets show. */
const wordsBefore = 8;
const wordsAfter = 15;

/** Looks through everything: what a memory store holds is small. Words are those of the SQLite store. */
export function searchMemory(tables: MemoryTables, request: SearchRequest, now: number): SearchPage {
  const { order, limit, cursor, filter } = request;
  const terms = parseSearchText(request.text);
  const position = cursor === null ? null : parseSearchCursor(cursor, order);
  if (terms.length === 0) return { hits: [], nextCursor: null };

  const bound = tables.recorded + 1;
  const below =
    position === null ? bound : position.order === 'newest' ? position.below : position.newest + 1;
  const found = findAll(tables, terms, filter).filter((match) => match.order < below);
  found.sort((left, right) =>
    order === 'relevance' && left.score !== right.score ? right.score - left.score : right.order - left.order,
  );
  const offset = position?.order === 'relevance' ? position.offset : 0;
  const page = found.slice(offset, offset + limit);
  const last = page.at(-1);
  const more = found.length > offset + limit && last !== undefined;
  return {
    hits: page.map((match) => toHit(match, order, now)),
    nextCursor: more
      ? formatSearchCursor(
          order === 'relevance'
            ? { order, newest: below - 1, offset: offset + limit }
            : { order, below: last.order },
        )
      : null,
  };
}

function findAll({ sessions, journals }: MemoryTables, terms: SearchTerm[], filter: SearchFilter): Match[] {
  const wanted = terms.map(({ words, prefix }) => ({
    words: split(words).map(({ folded }) => folded),
    prefix,
  }));
  const found: Match[] = [];
  for (const [id, lines] of journals) {
    const session = sessions.get(id);
    if (session === undefined || !ofSession(session, filter)) continue;
    for (const [index, { prepared, recordedAt, order, purgedAt }] of lines.entries()) {
      if (purgedAt !== null) continue;
      const entry = toEntry(id, index + 1, prepared, recordedAt, purgedAt);
      if (!ofEntry(entry, filter)) continue;
      const match = findInEntry(entry, wanted);
      if (match !== undefined) found.push({ order, entry, session, ...match });
    }
  }
  return found;
}

function ofSession(session: Session, { project, agent, kind, sessionId }: SearchFilter): boolean {
  return (
    (project === undefined || session.project === project) &&
    (agent === undefined || session.agent === agent) &&
    (kind === undefined || session.kind === kind) &&
    (sessionId === undefined || session.id === sessionId)
  );
}

function ofEntry(entry: Entry, { type, from = 0, to = Infinity }: SearchFilter): boolean {
  const at = entry.occurredAt ?? entry.recordedAt;
  return (type === undefined || entry.type === type) && at >= from && at < to;
}

interface WantedTerm {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** Every term must be in the text or in the data; the snippet is of the one with more of them. */
function findInEntry(
  entry: Entry,
  wanted: readonly WantedTerm[],
): Pick<Match, 'text' | 'highlights' | 'score'> | undefined {
  const columns = [entry.text ?? '', [...stringsIn(entry.data)].join('\n')].map((text) => {
    const words = split(text);
    return { text, words, places: wanted.map((term) => findTerm(words, term)) };
  });
  if (wanted.some((_, index) => columns.every(({ places }) => places[index]?.length === 0))) return undefined;
  const scored = columns.map(({ text, words, places }) => ({
    text,
    highlights: places.flat().toSorted(([left], [right]) => left - right),
    score:
      places.reduce((sum, each) => sum + each.length / (each.length + 1), 0) / Math.log2(words.length + 4),
  }));
  const best = scored.toSorted((left, right) => right.score - left.score)[0];
  return best && { ...best, score: scored.reduce((sum, { score }) => sum + score, 0) };
}

function findTerm(words: readonly Word[], { words: wanted, prefix }: WantedTerm): [number, number][] {
  const places: [number, number][] = [];
  for (const [index, first] of words.entries()) {
    const matches = wanted.every((word, offset) => {
      const folded = words[index + offset]?.folded;
      const open = prefix && offset === wanted.length - 1;
      return open ? folded?.startsWith(word) === true : folded === word;
    });
    if (matches) places.push([first.start, words[index + wanted.length - 1]?.end ?? first.end]);
  }
  return places;
}

function split(text: string): Word[] {
  return Array.from(text.matchAll(/[\p{L}\p{N}\p{Co}\p{M}]+/gu), ({ 0: word, index }) => ({
    folded: word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase(),
    start: index,
    end: index + word.length,
  }));
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) yield* stringsIn(item);
  }
}

function toHit({ entry, session, text, highlights, score }: Match, order: string, now: number): SearchHit {
  const words = split(text);
  const at = words.findIndex(({ start }) => start >= (highlights[0]?.[0] ?? 0));
  const first = words[Math.max(0, at - wordsBefore)];
  const last = words[at + wordsAfter];
  const from = at <= wordsBefore ? 0 : (first?.start ?? 0);
  const to = last === undefined ? text.length : last.end;
  const parts: SnippetPart[] = [];
  let done = from;
  const plain = (end: number): void => {
    if (end > done) parts.push({ text: text.slice(done, end), highlighted: false });
  };
  if (from > 0) parts.push({ text: '…', highlighted: false });
  for (const [start, end] of highlights) {
    if (start < done || end > to) continue;
    plain(start);
    parts.push({ text: text.slice(start, end), highlighted: true });
    done = end;
  }
  plain(to);
  if (to < text.length) parts.push({ text: '…', highlighted: false });
  return {
    entry,
    session: presentSession(session, now),
    snippet: cutSnippet(parts),
    score: order === 'relevance' ? score : 0,
  };
}
