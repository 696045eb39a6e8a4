import type { ExportItem } from '@endwell/session-core';

/** One JSON value a line: a session, then its entries. This is what `import` reads. */
export async function* exportLines(items: AsyncIterable<ExportItem>): AsyncGenerator<string, void, void> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
