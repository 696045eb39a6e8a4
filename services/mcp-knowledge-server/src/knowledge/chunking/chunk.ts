/** A part of a document's text. The chunks of a document join up to the whole text, without gap or overlap. */
export interface Chunk {
  /** Where it begins, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** What it stands under: a path of headings, a definition, a page. Empty when there is nothing. */
  readonly heading: string;
}

/** What must not be torn apart where it fits: a paragraph, a fence, a definition. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly heading: string;
  /** A better place to begin a chunk than others: a heading, a definition, a page. */
  readonly opens: boolean;
  /** Where to cut when it is too long for one chunk. */
  readonly cut: 'sentences' | 'lines';
}
