const MIN_LAST_WIDTH = 12;

/**
 * Columns that line up, for a terminal; the last one is not padded, and is cut where the terminal ends: a line
 * that wraps makes a table hard to read. Elsewhere everything is there.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
): string[] {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const lastAt = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  // The columns before it are what somebody copies from, and stay whole.
  const maxWidth = Math.max(columns ?? Number.POSITIVE_INFINITY, lastAt + MIN_LAST_WIDTH);
  return [head, ...rows].map((row) => {
    const line = row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
    return line.length <= maxWidth ? line : `${line.slice(0, maxWidth - 1).toWellFormed()}…`;
  });
}
