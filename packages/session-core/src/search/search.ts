import type { Entry } from '../session/entry.ts';
import type { SessionTypes, UntypedSessions } from '../session/session-types.ts';
import type { Session } from '../session/session.ts';

export interface SearchFilter {
  readonly project?: string | undefined;
  readonly agent?: string | undefined;
  /** The kind of session. */
  readonly kind?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The type of entry. */
  readonly type?: string | undefined;
  /** Only what happened (`occurredAt`, else `recordedAt`) at or after this time, in milliseconds since 1970. */
  readonly from?: number | undefined;
  /** Only what happened before this time. */
  readonly to?: number | undefined;
}

export interface SearchOptions extends SearchFilter {
  /**
   * All words must occur, in an entry's text or in the strings of its data, whatever their case and
   * accents. `"a phrase"` must occur as it is, `word*` is the beginning of a word. Everything else
   * is literal: there is no query language. At most 1,000 characters and 64 words.
   */
  readonly text: string;
  /**
   * `relevance`: the best match first (BM25). `newest`: what was recorded last first, which stays
   * fast for a word that is everywhere and whose pages never skip or repeat while others record.
   *
   * @defaultValue 'relevance'
   */
  readonly order?: SearchOrder | undefined;
  /** @defaultValue 20, at most 100 */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before, with the same text, order and filters. */
  readonly cursor?: string | null | undefined;
}

export type SearchOrder = 'relevance' | 'newest';

/** A piece of a snippet; what was searched for is highlighted. */
export interface SnippetPart {
  readonly text: string;
  readonly highlighted: boolean;
}

export interface SearchHit<Types extends SessionTypes = UntypedSessions> {
  readonly entry: Entry<Types>;
  readonly session: Session<Types['metadataOut']>;
  readonly snippet: readonly SnippetPart[];
  /** Higher is better; comparable within one search only. Always 0 with the order `newest`. */
  readonly score: number;
}

export interface SearchPage<Types extends SessionTypes = UntypedSessions> {
  readonly hits: readonly SearchHit<Types>[];
  readonly nextCursor: string | null;
}

/** A checked search, as a store gets it. */
export interface SearchRequest {
  readonly text: string;
  readonly filter: SearchFilter;
  readonly order: SearchOrder;
  readonly limit: number;
  readonly cursor: string | null;
}
