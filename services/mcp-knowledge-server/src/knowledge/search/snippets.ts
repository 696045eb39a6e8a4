import type { DatabaseSync } from 'node:sqlite';

/** About forty words. */
const snippetTokens = 40;
const maxCharacters = 320;

/** The part of a chunk that shows why it was found; its beginning when no word of it was asked for. */
export function readSnippet(
  database: DatabaseSync,
  expression: string | null,
  chunkKey: number,
  text: string,
): string {
  const row =
    expression === null
      ? undefined
      : database
          .prepare(
            `SELECT snippet(chunk_index, 2, '**', '**', '…', ${snippetTokens}) AS snippet FROM chunk_index
             WHERE chunk_index MATCH ? AND rowid = ?`,
          )
          .get(expression, BigInt(chunkKey));
  const snippet = row === undefined ? text : String(row['snippet']);
  const line = snippet.replaceAll(/\s+/g, ' ').trim();
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1).trimEnd()}…`;
}
